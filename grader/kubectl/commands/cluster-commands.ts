/** api-resources, api-versions, version, cluster-info, top, options. Upstream: k8s.io/kubectl/pkg/cmd/{apiresources,version,clusterinfo,top}. */
import { compareStrings } from '../../api/compare.ts'
import { apiVersionOf, RESOURCES, type Resource } from '../../api/resource-table.ts'
import type { Command, Invocation, Session } from '../command.ts'
import { fail, failUsage } from '../failure.ts'
import { flag } from '../flags.ts'
import { formatJsonIndented } from '../print/json.ts'
import { alignTabs } from '../print/tabwriter.ts'
import { formatYaml } from '../print/yaml.ts'
import { fullNameOf } from '../resource-argument.ts'

const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']

export const apiResources: Command = {
  name: 'api-resources',
  summary: 'Print the supported API resources on the server',
  usage: '[flags]',
  flags: [
    flag('api-group', 'string', 'Limit to resources in the specified API group.'),
    flag('cached', 'bool', 'Use the cached list of resources if available.'),
    flag('categories', 'list', 'Limit to resources that belong to the specified categories.'),
    flag(
      'namespaced',
      'bool',
      'If false, non-namespaced resources will be returned, otherwise returning namespaced resources by default.',
      { default: 'true' },
    ),
    flag(
      'no-headers',
      'bool',
      "When using the default or custom-column output format, don't print headers (default print headers).",
    ),
    flag('output', 'string', 'Output format. One of: (wide, name).', { short: 'o' }),
    flag(
      'sort-by',
      'string',
      "If non-empty, sort list of resources using specified field. The field can be either 'name' or 'kind'.",
    ),
    flag('verbs', 'list', 'Limit to resources that support the specified verbs.'),
  ],
  run: runApiResources,
}

function runApiResources(session: Session, { args, flags, path }: Invocation): void {
  if (args.length > 0) failUsage(path, `unexpected arguments: [${args.join(' ')}]`)
  const output = flags.string('output')
  if (output !== '' && output !== 'wide' && output !== 'name') fail(`--output ${output} is not available`)
  const sortBy = flags.string('sort-by')
  if (sortBy !== '' && sortBy !== 'name' && sortBy !== 'kind') fail('--sort-by accepts only name or kind')
  const shown = RESOURCES.filter((r) => !flags.changed('api-group') || r.group === flags.string('api-group'))
    .filter((r) => !flags.changed('namespaced') || r.namespaced === flags.bool('namespaced'))
    .filter((r) => flags.list('categories').every((c) => r.categories.includes(c)))
    .filter((r) => flags.list('verbs').every((v) => VERBS.includes(v)) || r === undefined)
  const keyOf = (r: Resource): string =>
    sortBy === 'kind' ? r.kind : sortBy === 'name' ? r.plural : `${r.group}\u0000${r.plural}`
  const sorted = [...shown].sort((a, b) => compareStrings(keyOf(a), keyOf(b)))
  if (output === 'name') {
    session.out(sorted.map((r) => `${fullNameOf(r)}\n`).join(''))
    return
  }
  const wide = output === 'wide'
  const head = flags.bool('no-headers')
    ? []
    : [`NAME\tSHORTNAMES\tAPIVERSION\tNAMESPACED\tKIND${wide ? '\tVERBS\tCATEGORIES' : ''}`]
  const rows = sorted.map((r) => {
    const cells = [r.plural, r.shortNames.join(','), apiVersionOf(r), String(r.namespaced), r.kind]
    return [...cells, ...(wide ? [VERBS.join(','), r.categories.join(',')] : [])].join('\t')
  })
  session.out(`${alignTabs([...head, ...rows].join('\n'), { minWidth: 6, padding: 3 })}\n`)
}

export const apiVersions: Command = {
  name: 'api-versions',
  summary: 'Print the supported API versions on the server, in the form of "group/version"',
  run(session, { args, path }) {
    if (args.length > 0) failUsage(path, `unexpected arguments: [${args.join(' ')}]`)
    const versions = [
      ...new Set([...RESOURCES.map(apiVersionOf), 'authentication.k8s.io/v1', 'authorization.k8s.io/v1']),
    ]
    session.out(
      versions
        .sort(compareStrings)
        .map((v) => `${v}\n`)
        .join(''),
    )
  },
}

const CLIENT = { major: '1', minor: '33', gitVersion: 'v1.33.0' }
const SERVER = { major: '1', minor: '35', gitVersion: 'v1.35.6' }
const KUSTOMIZE = 'v5.6.0'

export const version: Command = {
  name: 'version',
  summary: 'Print the client and server version information',
  flags: [
    flag('client', 'bool', 'If true, shows client version only (no server required).'),
    flag('output', 'string', "One of 'yaml' or 'json'.", { short: 'o' }),
  ],
  run(session, { args, flags, path }) {
    if (args.length > 0) failUsage(path, `extra arguments: [${args.join(' ')}]`)
    const value = {
      clientVersion: CLIENT,
      kustomizeVersion: KUSTOMIZE,
      ...(flags.bool('client') ? {} : { serverVersion: SERVER }),
    }
    switch (flags.string('output')) {
      case 'yaml':
        session.out(formatYaml(value))
        return
      case 'json':
        session.out(`${formatJsonIndented(value).replace(/ {4}/g, '  ')}\n`)
        return
      case '':
        session.out(`Client Version: ${CLIENT.gitVersion}\nKustomize Version: ${KUSTOMIZE}\n`)
        if (!flags.bool('client')) {
          session.out(`Server Version: ${SERVER.gitVersion}\n`)
          session.err(
            'WARNING: version difference between client (1.33) and server (1.35) exceeds the supported minor version skew of +/-1\n',
          )
        }
        return
      default:
        return fail(`--output must be 'yaml' or 'json'`)
    }
  },
}

export const clusterInfo: Command = {
  name: 'cluster-info',
  summary: 'Display addresses of the control plane and services with label kubernetes.io/cluster-service=true',
  missing: ['No dump.'],
  run(session) {
    session.out(
      "Kubernetes control plane is running at https://127.0.0.1:6443\n\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.\n",
    )
  },
}

const TOP_FLAGS = [
  flag('no-headers', 'bool', 'If present, print output without headers.'),
  flag('selector', 'string', 'Selector (label query) to filter on.', { short: 'l' }),
  flag('show-capacity', 'bool', 'Print node resources based on Capacity instead of Allocatable(default) of the nodes.'),
  flag(
    'sort-by',
    'string',
    "If non-empty, sort list using specified field. The field can be either 'cpu' or 'memory'.",
  ),
  flag('use-protocol-buffers', 'bool', 'Enables using protocol-buffers to access Metrics API.', { default: 'true' }),
  flag('all-namespaces', 'bool', 'If present, list the requested object(s) across all namespaces.', { short: 'A' }),
  flag('containers', 'bool', 'If present, print usage of containers within a pod.'),
  flag('sum', 'bool', 'Print the sum of the resource usage'),
  flag('field-selector', 'string', 'Selector (field query) to filter on.'),
]

/** A new cluster has no metrics server, and kubectl says exactly this. */
const noMetrics = (): never => fail('Metrics API not available')

export const top: Command = {
  name: 'top',
  summary: 'Display resource (CPU/memory) usage',
  missing: ['The cluster has no metrics server, as a new kubeadm cluster has none.'],
  commands: [
    {
      name: 'node',
      aliases: ['nodes', 'no'],
      summary: 'Display resource (CPU/memory) usage of nodes',
      usage: '[NAME | -l label]',
      flags: TOP_FLAGS,
      run: noMetrics,
    },
    {
      name: 'pod',
      aliases: ['pods', 'po'],
      summary: 'Display resource (CPU/memory) usage of pods',
      usage: '[NAME | -l label]',
      flags: TOP_FLAGS,
      run: noMetrics,
    },
  ],
}
