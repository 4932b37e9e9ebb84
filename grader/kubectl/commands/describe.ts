/** kubectl describe. Upstream: k8s.io/kubectl/pkg/cmd/describe/describe.go. */
import type { KubeObject } from '../../api/meta.ts'
import type { Resource } from '../../api/resource-table.ts'
import * as resources from '../../api/resource-table.ts'
import type { Command, Invocation, Session } from '../command.ts'
import { describeEvents, eventsAbout } from '../describe/events.ts'
import { describeGeneric } from '../describe/generic.ts'
import { describeLimitRange, describeNamespace, describeQuota } from '../describe/namespace.ts'
import { describeNode } from '../describe/node.ts'
import { describePod } from '../describe/pod.ts'
import {
  describeBudget,
  describeConfigMap,
  describePriorityClass,
  describeSecret,
  describeService,
  describeServiceAccount,
} from '../describe/small-kinds.ts'
import { describeDaemonSet, describeDeployment, describeJob, describeReplicaSet } from '../describe/workloads.ts'
import { createWriter, type Writer } from '../describe/writer.ts'
import { Failure, fail } from '../failure.ts'
import { flag } from '../flags.ts'
import { resourceFor, resourceWords } from '../resource-argument.ts'
import { type Selected, select, type Target, targetOf } from '../selection.ts'
import { FILENAME_FLAGS } from './file-flags.ts'

export const describeCommand: Command = {
  name: 'describe',
  summary: 'Show details of a specific resource or group of resources',
  usage: '(-f FILENAME | TYPE [NAME_PREFIX | -l label] | TYPE/NAME)',
  flags: [
    flag('all-namespaces', 'bool', 'If present, list the requested object(s) across all namespaces.', { short: 'A' }),
    flag('chunk-size', 'int64', 'Return large lists in chunks rather than all at once. Pass 0 to disable.', {
      default: '500',
    }),
    ...FILENAME_FLAGS,
    flag('selector', 'string', 'Selector (label query) to filter on.', { short: 'l' }),
    flag('show-events', 'bool', 'If true, display events related to the described object.', { default: 'true' }),
  ],
  run: runDescribe,
}

type Describer = (writer: Writer, object: never, session: Session) => void

const DESCRIBERS = new Map<Resource, Describer>([
  [resources.daemonSets as Resource, describeDaemonSet],
  [resources.deployments as Resource, describeDeployment],
  [resources.replicaSets as Resource, describeReplicaSet],
  [resources.jobs as Resource, describeJob],
  [resources.pods as Resource, (writer, pod, session) => describePod(writer, pod, session.now())],
  [resources.nodes as Resource, describeNode],
  [resources.namespaces as Resource, describeNamespace],
  [resources.resourceQuotas as Resource, describeQuota],
  [resources.limitRanges as Resource, describeLimitRange],
  [resources.configMaps as Resource, describeConfigMap],
  [resources.secrets as Resource, describeSecret],
  [resources.serviceAccounts as Resource, describeServiceAccount],
  [resources.services as Resource, describeService],
  [resources.podDisruptionBudgets as Resource, describeBudget],
  [resources.priorityClasses as Resource, describePriorityClass],
])

/** Kinds whose description ends without events. */
const WITHOUT_EVENTS = new Set<Resource>([
  resources.namespaces,
  resources.resourceQuotas,
  resources.limitRanges,
  resources.secrets,
] as readonly Resource[])

function runDescribe(session: Session, invocation: Invocation): void {
  const { flags, args } = invocation
  if (args.length === 0 && flags.list('filename').length === 0) {
    fail(
      'You must specify the type of resource to describe. Use "kubectl api-resources" for a complete list of supported resources.',
    )
  }
  const selected = selectForDescribe(session, invocation)
  const { targets, errors } = selected
  const texts = targets.map((target) => describeTarget(session, target, flags.bool('show-events')))
  session.out(texts.join('\n\n'))
  if (targets.length === 0 && errors.length === 0) sayNothingFound(session, invocation)
  if (errors.length > 0) throw new Failure(errors)
}

function selectForDescribe(session: Session, { flags, args }: Invocation): Selected {
  const selected = select(session, {
    args,
    filenames: flags.list('filename'),
    recursive: flags.bool('recursive'),
    allNamespaces: flags.bool('all-namespaces'),
    allowBareType: true,
    fetch: true,
    ...(flags.string('selector') === '' ? {} : { selector: flags.string('selector') }),
  })
  const [error] = selected.errors
  const isMissing = selected.errors.length === 1 && error?.type === 'status' && error.status.reason === 'NotFound'
  if (!isMissing || args.length !== 2) return selected
  const matching = byPrefix(session, args[0]!, args[1]!)
  return matching.length === 0 ? selected : { ...selected, targets: matching, errors: [] }
}

/** Objects whose name begins like that. Upstream: DescribeMatchingResources. */
function byPrefix(session: Session, type: string, prefix: string): readonly Target[] {
  const [word = ''] = resourceWords(type)
  const resource = resourceFor(word)
  const listed = session.client.list(resource, resource.namespaced ? { namespace: session.namespace } : {})
  return listed.ok
    ? listed.value.items.filter((o) => o.metadata.name.startsWith(prefix)).map((o) => targetOf(resource, o))
    : []
}

function sayNothingFound(session: Session, { args, flags }: Invocation): void {
  const namespaced = resourceWords(args[0] ?? '')
    .map(resourceFor)
    .every((r) => r.namespaced)
  session.err(
    namespaced && !flags.bool('all-namespaces')
      ? `No resources found in ${session.namespace} namespace.\n`
      : 'No resources found\n',
  )
}

/** The description of one object. */
export function describeTarget(session: Session, { resource, object }: Target, showEvents: boolean): string {
  const writer = createWriter()
  const describer = DESCRIBERS.get(resource) ?? (describeGeneric as Describer)
  describer(writer, object as never, session)
  if (showEvents && !WITHOUT_EVENTS.has(resource))
    writeEvents(writer, session, resource, object as unknown as KubeObject)
  return writer.text()
}

function writeEvents(writer: Writer, session: Session, resource: Resource, { metadata }: KubeObject): void {
  const namespace = metadata.namespace ?? 'default'
  const query = { namespace, kind: resource.kind, name: metadata.name, uid: metadata.uid }
  // The kubelet's events about its Node carry the Node's name as uid, the controllers' the uid itself.
  const found =
    resource === resources.nodes
      ? [...eventsAbout(session, { ...query, uid: metadata.name }), ...eventsAbout(session, query)]
      : eventsAbout(session, query)
  describeEvents(writer, found, session.now())
}
