/** kubectl scale and autoscale. Upstream: k8s.io/kubectl/pkg/cmd/{scale/scale,autoscale/autoscale}.go, pkg/scale/scale.go. */
import { noSuchResourceStatus } from '../../api/api-status.ts'
import type { JsonObject } from '../../api/meta.ts'
import type { Command, Invocation, Session } from '../command.ts'
import { Failure, fail, failUnsupported, failUsage, statusError } from '../failure.ts'
import { flag } from '../flags.ts'
import { DRY_RUN, dryRunOf, FIELD_MANAGER, OUTPUT, printDone } from '../output.ts'
import { valueAt } from '../pod-template.ts'
import { forEachTarget, select, type Target } from '../selection.ts'
import { FILENAME_FLAGS } from './file-flags.ts'

export const scale: Command = {
  name: 'scale',
  summary: 'Set a new size for a deployment, replica set, or replication controller',
  usage: '[--resource-version=version] [--current-replicas=count] --replicas=COUNT (-f FILENAME | TYPE NAME)',
  required: ['replicas'],
  flags: [
    flag('all', 'bool', 'Select all resources in the namespace of the specified resource types'),
    flag(
      'current-replicas',
      'int',
      'Precondition for current size. Requires that the current size of the resource match this value in order to scale.',
      { default: '-1' },
    ),
    DRY_RUN,
    ...FILENAME_FLAGS,
    ...OUTPUT,
    flag('replicas', 'int', 'The new desired number of replicas. Required.'),
    flag(
      'resource-version',
      'string',
      'Precondition for resource version. Requires that the current resource version match this value in order to scale.',
    ),
    flag('selector', 'string', 'Selector (label query) to filter on.', { short: 'l' }),
    flag(
      'timeout',
      'duration',
      "The length of time to wait before giving up on a scale operation, zero means don't wait.",
    ),
  ],
  run: runScale,
}

function runScale(session: Session, invocation: Invocation): void {
  const { flags, args } = invocation
  if (flags.number('replicas') < 0)
    fail('The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0')
  if (flags.changed('current-replicas') && flags.number('current-replicas') < -1) {
    fail('The --current-replicas must specify an integer of -1 or greater')
  }
  const selected = select(session, {
    args,
    filenames: flags.list('filename'),
    recursive: flags.bool('recursive'),
    all: flags.bool('all'),
    fetch: false,
    ...(flags.string('selector') === '' ? {} : { selector: flags.string('selector') }),
  })
  if (selected.targets.length === 0) fail('no objects passed to scale')
  forEachTarget(selected, (target) => scaleOne(session, invocation, target))
}

function scaleOne(session: Session, invocation: Invocation, target: Target): void {
  const { resource, namespace, name } = target
  const { flags } = invocation
  if (!resource.subresources.includes('scale')) throw new Failure([statusError(noSuchResourceStatus())])
  const dryRun = dryRunOf(session, invocation)
  const key = namespace === undefined ? { name } : { namespace, name }
  const current = flags.number('current-replicas')
  const live = session.expect(session.client.get(resource, key)) as unknown as JsonObject
  const size = Number(valueAt(live, ['spec', 'replicas']) ?? 0)
  if (current >= 0 && size !== current) fail(`Expected replicas to be ${current}, was ${size}`)
  let object = live
  if (dryRun !== 'client') {
    const version = flags.string('resource-version')
    const body = {
      spec: { replicas: flags.number('replicas') },
      ...(version === '' ? {} : { metadata: { resourceVersion: version } }),
    }
    const options = { dryRun: dryRun === 'server', fieldManager: 'kubectl', subresource: 'scale' as const }
    object = session.expect(
      session.client.patch(resource, key, { type: 'merge', body }, options),
    ) as unknown as JsonObject
  }
  printDone(session, invocation, { resource, name, object, operation: 'scaled', dryRun })
  const timeout = flags.duration('timeout') / 1000
  if (timeout > 0 && dryRun === 'none') waitForScale(session, target, { replicas: flags.number('replicas'), timeout })
}

function waitForScale(
  session: Session,
  { resource, namespace, name }: Target,
  { replicas, timeout }: { readonly replicas: number; readonly timeout: number },
): void {
  const done = session.waiter.waitUntil(() => {
    const found = session.client.get(resource, namespace === undefined ? { name } : { namespace, name })
    return found.ok && Number(valueAt(found.value as unknown as JsonObject, ['status', 'replicas']) ?? 0) === replicas
  }, timeout)
  if (!done) fail('timed out waiting for the condition')
}

export const autoscale: Command = {
  name: 'autoscale',
  summary: 'Auto-scale a deployment, replica set, stateful set, or replication controller',
  usage: '(-f FILENAME | TYPE NAME | TYPE/NAME) [--min=MINPODS] --max=MAXPODS [--cpu-percent=CPU]',
  required: ['max'],
  flags: [
    flag(
      'cpu-percent',
      'int32',
      'The target average CPU utilization (represented as a percent of requested CPU) over all the pods.',
      { default: '-1' },
    ),
    DRY_RUN,
    FIELD_MANAGER('kubectl-autoscale'),
    ...FILENAME_FLAGS,
    flag('max', 'int32', 'The upper limit for the number of pods that can be set by the autoscaler. Required.', {
      default: '-1',
    }),
    flag('min', 'int32', 'The lower limit for the number of pods that can be set by the autoscaler.', {
      default: '-1',
    }),
    flag(
      'name',
      'string',
      'The name for the newly created object. If not specified, the name of the input resource will be used.',
    ),
    ...OUTPUT,
  ],
  missing: ['The simulated cluster has no HorizontalPodAutoscaler: only the refusals are there.'],
  run: runAutoscale,
}

function runAutoscale(session: Session, invocation: Invocation): void {
  const { flags, args, path } = invocation
  if (flags.number('max') < 1)
    failUsage(path, `--max=MAXPODS is required and must be at least 1, max: ${flags.number('max')}`)
  if (flags.number('max') < flags.number('min'))
    failUsage(
      path,
      `--max=MAXPODS must be larger or equal to --min=MINPODS, max: ${flags.number('max')}, min: ${flags.number('min')}`,
    )
  const selected = select(session, { args, filenames: flags.list('filename'), fetch: true })
  forEachTarget(selected, ({ resource }) => {
    if (!resource.subresources.includes('scale')) {
      fail(
        `cannot autoscale a ${resource.kind}: could not find scale subresource for ${resource.group}/${resource.version}, Resource=${resource.plural} in discovery information`,
      )
    }
    failUnsupported('a HorizontalPodAutoscaler')
  })
}
