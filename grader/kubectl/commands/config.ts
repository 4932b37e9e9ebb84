/** kubectl config: one cluster, one context, one user. Upstream: k8s.io/kubectl/pkg/cmd/config. */
import type { Command, Session } from '../command.ts'
import { fail, failUnsupported } from '../failure.ts'
import { flag } from '../flags.ts'
import { formatJsonIndented } from '../print/json.ts'
import { alignTabs, GET_TABLE } from '../print/tabwriter.ts'
import { formatYaml } from '../print/yaml.ts'

const CLUSTER = 'kubernetes'
const USER = 'kubernetes-admin'
const CONTEXT = `${USER}@${CLUSTER}`

// Simplified: one cluster, one user and one context, whose namespace alone can change.
/** The file as kubectl prints it, secrets left out. */
function kubeconfig(session: Session): object {
  const namespace = session.namespace === 'default' ? {} : { namespace: session.namespace }
  return {
    apiVersion: 'v1',
    clusters: [
      { cluster: { 'certificate-authority-data': 'DATA+OMITTED', server: 'https://127.0.0.1:6443' }, name: CLUSTER },
    ],
    contexts: [{ context: { cluster: CLUSTER, ...namespace, user: USER }, name: CONTEXT }],
    'current-context': CONTEXT,
    kind: 'Config',
    preferences: {},
    users: [{ name: USER, user: { 'client-certificate-data': 'DATA+OMITTED', 'client-key-data': 'DATA+OMITTED' } }],
  }
}

export const config: Command = {
  name: 'config',
  summary: 'Modify kubeconfig files',
  missing: ['The one context is fixed but for its namespace.'],
  commands: [
    { name: 'current-context', summary: 'Display the current-context', run: (session) => session.out(`${CONTEXT}\n`) },
    {
      name: 'get-clusters',
      summary: 'Display clusters defined in the kubeconfig',
      run: (session) => session.out(`NAME\n${CLUSTER}\n`),
    },
    {
      name: 'get-contexts',
      summary: 'Describe one or many contexts',
      usage: '[(-o|--output=)name)]',
      flags: [
        flag(
          'no-headers',
          'bool',
          "When using the default or custom-column output format, don't print headers (default print headers).",
        ),
        flag('output', 'string', 'Output format. One of: (name).', { short: 'o' }),
      ],
      run(session, { args, flags }) {
        if (args.length > 0 && !args.includes(CONTEXT)) fail(`context ${args[0]} not found`)
        if (flags.string('output') === 'name') {
          session.out(`${CONTEXT}\n`)
          return
        }
        const namespace = session.namespace === 'default' ? '' : session.namespace
        const lines = [
          ...(flags.bool('no-headers') ? [] : ['CURRENT\tNAME\tCLUSTER\tAUTHINFO\tNAMESPACE']),
          `*\t${CONTEXT}\t${CLUSTER}\t${USER}\t${namespace}`,
        ]
        session.out(`${alignTabs(lines.join('\n'), GET_TABLE)}\n`)
      },
    },
    {
      name: 'get-users',
      summary: 'Display users defined in the kubeconfig',
      run: (session) => session.out(`NAME\n${USER}\n`),
    },
    {
      name: 'set-context',
      summary: 'Set a context entry in kubeconfig',
      usage: '[NAME | --current] [--cluster=cluster_nickname] [--user=user_nickname] [--namespace=namespace]',
      flags: [flag('current', 'bool', 'Modify the current context')],
      run(session, { args, flags }) {
        if (!flags.bool('current') && args.length === 0) fail('you must specify a non-empty context name or --current')
        if (args.length > 0 && args[0] !== CONTEXT) failUnsupported('a second context')
        if (session.namespaceGiven) session.switchNamespace(session.namespace)
        session.out(`Context "${CONTEXT}" modified.\n`)
      },
    },
    {
      name: 'use-context',
      aliases: ['use'],
      summary: 'Set the current-context in a kubeconfig file',
      usage: 'CONTEXT_NAME',
      run(session, { args }) {
        if (args[0] !== CONTEXT) fail(`no context exists with the name: ${JSON.stringify(args[0] ?? '')}`)
        session.out(`Switched to context "${CONTEXT}".\n`)
      },
    },
    {
      name: 'view',
      summary: 'Display merged kubeconfig settings or a specified kubeconfig file',
      flags: [
        flag(
          'flatten',
          'bool',
          'Flatten the resulting kubeconfig file into self-contained output (useful for creating portable kubeconfig files)',
        ),
        flag('minify', 'bool', 'Remove all information not used by current-context from the output'),
        flag('output', 'string', 'Output format. One of: (json, yaml).', { short: 'o', default: 'yaml' }),
        flag('raw', 'bool', 'Display raw byte data and sensitive data'),
      ],
      run(session, { flags }) {
        session.out(
          flags.string('output') === 'json'
            ? `${formatJsonIndented(kubeconfig(session))}\n`
            : formatYaml(kubeconfig(session)),
        )
      },
    },
  ],
}
