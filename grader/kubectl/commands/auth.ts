/** kubectl auth can-i and whoami. Upstream: k8s.io/kubectl/pkg/cmd/auth/{cani,whoami}.go. */
import type { JsonObject } from '../../api/meta.ts'
import { selfSubjectAccessReviews, selfSubjectReviews } from '../../api/reviews.ts'
import type { Command, Invocation, Session } from '../command.ts'
import { failUnsupported, failUsage } from '../failure.ts'
import { flag } from '../flags.ts'
import { isObject } from '../manifest-input.ts'
import { alignTabs, GET_TABLE } from '../print/tabwriter.ts'
import { findResource } from '../resource-argument.ts'

export const auth: Command = {
  name: 'auth',
  summary: 'Inspect authorization',
  missing: ['No reconcile; can-i without --list.'],
  commands: [
    {
      name: 'can-i',
      summary: 'Check whether an action is allowed',
      usage: 'VERB [TYPE | TYPE/NAME | NONRESOURCEURL]',
      flags: [
        flag('all-namespaces', 'bool', 'If true, check the specified action in all namespaces.', { short: 'A' }),
        flag('list', 'bool', 'If true, prints all allowed actions.'),
        flag('no-headers', 'bool', 'If true, prints allowed actions without headers'),
        flag('quiet', 'bool', 'If true, suppress output and just return the exit code.', { short: 'q' }),
        flag('subresource', 'string', 'SubResource such as pod/log or deployment/scale'),
      ],
      run: canI,
    },
    {
      name: 'whoami',
      summary: 'Experimental: Check self subject attributes',
      run: whoAmI,
    },
  ],
}

function canI(session: Session, invocation: Invocation): number {
  const { args, flags, path } = invocation
  if (flags.bool('list')) failUnsupported('auth can-i --list')
  const [verb, what, name] = args
  if (verb === undefined || what === undefined || args.length > 3)
    failUsage(path, 'you must specify two or three arguments: verb, resource, and optional resourceName')
  const warnings: string[] = []
  const spec = what.startsWith('/')
    ? { nonResourceAttributes: { path: what, verb } }
    : { resourceAttributes: attributesOf(session, invocation, { verb, what, name, warnings }) }
  for (const warning of warnings) session.err(`Warning: ${warning}\n`)
  const review = session.expect(
    session.client.create(selfSubjectAccessReviews, {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      metadata: {},
      spec: spec as JsonObject,
    }),
  )
  const {
    allowed,
    reason = '',
    evaluationError = '',
  } = (review.status ?? {}) as {
    readonly allowed?: boolean
    readonly reason?: string
    readonly evaluationError?: string
  }
  if (!flags.bool('quiet')) {
    const why = `${reason === '' ? '' : ` - ${reason}`}${evaluationError === '' ? '' : ` - ${evaluationError}`}`
    session.out(allowed === true ? 'yes\n' : `no${why}\n`)
  }
  return allowed === true ? 0 : 1
}

interface Question {
  readonly verb: string
  readonly what: string
  readonly name: string | undefined
  readonly warnings: string[]
}

function attributesOf(session: Session, { flags }: Invocation, { verb, what, name, warnings }: Question): JsonObject {
  const [type = '', slashName] = what.split('/')
  const resource = type === '*' ? undefined : findResource(type)
  const [plural = '', ...group] = type.split('.')
  if (resource === undefined && type !== '*')
    warnings.push(
      `the server doesn't have a resource type '${plural}'${group.length === 0 ? '' : ` in group '${group.join('.')}'`}\n`,
    )
  if (resource !== undefined && !resource.namespaced) {
    warnings.push(
      `resource '${resource.plural}' is not namespace scoped${resource.group === '' ? '' : ` in group '${resource.group}'`}\n`,
    )
  }
  const object = name ?? slashName
  const subresource = flags.string('subresource')
  return {
    ...(flags.bool('all-namespaces') ? {} : { namespace: session.namespace }),
    verb,
    group: type === '*' ? '*' : (resource?.group ?? group.join('.')),
    resource: type === '*' ? '*' : (resource?.plural ?? plural),
    ...(subresource === '' ? {} : { subresource }),
    ...(object === undefined ? {} : { name: object }),
  }
}

function whoAmI(session: Session): void {
  const review = session.expect(
    session.client.create(selfSubjectReviews, {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'SelfSubjectReview',
      metadata: {},
    }),
  )
  const { userInfo } = (review.status ?? {}) as { readonly userInfo?: JsonObject }
  const groups = Array.isArray(userInfo?.groups) ? userInfo.groups.join(' ') : ''
  const extra = isObject(userInfo?.extra) ? Object.entries(userInfo.extra) : []
  const rows = [
    'ATTRIBUTE\tVALUE',
    `Username\t${userInfo?.username ?? ''}`,
    ...(userInfo?.uid === undefined || userInfo.uid === '' ? [] : [`UID\t${userInfo.uid}`]),
    `Groups\t[${groups}]`,
    ...extra.map(([key, values]) => `Extra: ${key}\t[${Array.isArray(values) ? values.join(' ') : ''}]`),
  ]
  session.out(`${alignTabs(rows.join('\n'), GET_TABLE)}\n`)
}
