/** kubectl run. Upstream: k8s.io/kubectl/pkg/cmd/run/run.go, pkg/generate/versioned/run.go. */
import type { JsonObject } from '../../api/meta.ts'
import { pods, type Resource } from '../../api/resource-table.ts'
import type { Command, Invocation, Session } from '../command.ts'
import { fail, failUnsupported, failUsage } from '../failure.ts'
import { flag } from '../flags.ts'
import { FIELD_MANAGER } from '../output.ts'
import { createGenerated, GENERATOR_FLAGS, metadata } from './generator.ts'

export const runPod: Command = {
  name: 'run',
  summary: 'Run a particular image on the cluster',
  usage:
    'NAME --image=image [--env="key=value"] [--port=port] [--dry-run=server|client] [--overrides=inline-json] [--command] -- [COMMAND] [args...]',
  flags: [
    ...GENERATOR_FLAGS.filter((f) => f.name !== 'field-manager'),
    FIELD_MANAGER('kubectl-run'),
    flag('annotations', 'array', 'Annotations to apply to the pod.'),
    flag('attach', 'bool', 'If true, wait for the Pod to start running, and then attach to the Pod.'),
    flag(
      'command',
      'bool',
      "If true and extra arguments are present, use them as the 'command' field in the container, rather than the 'args' field which is the default.",
    ),
    flag('env', 'array', 'Environment variables to set in the container.'),
    flag('expose', 'bool', 'If true, create a ClusterIP service associated with the pod.'),
    flag('image', 'string', 'The image for the container to run.'),
    flag('image-pull-policy', 'string', 'The image pull policy for the container.'),
    flag('labels', 'string', 'Comma separated labels to apply to the pod. Will override previous values.', {
      short: 'l',
    }),
    flag('overrides', 'string', 'An inline JSON override for the generated object.'),
    flag('override-type', 'string', 'The method used to override the generated object: json, merge, or strategic.', {
      default: 'merge',
    }),
    flag('port', 'string', 'The port that this container exposes.'),
    flag('privileged', 'bool', 'If true, run the container in privileged mode.'),
    flag('quiet', 'bool', 'If true, suppress prompt messages.', { short: 'q' }),
    flag('restart', 'string', 'The restart policy for this Pod.  Legal values [Always, OnFailure, Never].', {
      default: 'Always',
    }),
    flag('rm', 'bool', 'If true, delete the pod after it exits.'),
    flag('stdin', 'bool', 'Keep stdin open on the container in the pod, even if nothing is attached.', { short: 'i' }),
    flag('tty', 'bool', 'Allocate a TTY for the container in the pod.', { short: 't' }),
  ],
  missing: ['No --attach, --rm and --overrides.'],
  run: runRun,
}

const RESTART = new Set(['Always', 'OnFailure', 'Never'])

function runRun(session: Session, invocation: Invocation): void {
  const { args, argsBeforeDash, flags, path } = invocation
  if (args.length === 0 || argsBeforeDash === 0) failUsage(path, 'NAME is required for run')
  if (argsBeforeDash !== undefined && argsBeforeDash > 1) failUsage(path, `NAME is required for run`)
  if (flags.string('image') === '') failUsage(path, '--image is required')
  if (/\s/.test(flags.string('image')))
    failUsage(path, `Invalid image name ${JSON.stringify(flags.string('image'))}: invalid reference format`)
  if (flags.bool('rm') || flags.bool('attach')) failUnsupported('run --attach and run --rm')
  if (flags.string('overrides') !== '' || flags.bool('expose')) failUnsupported('run --overrides and run --expose')
  if (!RESTART.has(flags.string('restart'))) fail(`invalid restart policy: ${flags.string('restart')}`)
  createGenerated(session, invocation, { resource: pods as Resource, object: podObject(invocation) })
}

function podObject(invocation: Invocation): JsonObject {
  const { args, flags } = invocation
  const name = args[0]!
  const annotations = pairsOf(flags.list('annotations'), 'annotations')
  const labels = flags.string('labels') === '' ? { run: name } : pairsOf(flags.string('labels').split(','), 'labels')
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: metadata(name, { ...(Object.keys(annotations).length === 0 ? {} : { annotations }), labels }),
    spec: {
      containers: [containerOf(invocation, name)],
      dnsPolicy: 'ClusterFirst',
      restartPolicy: flags.string('restart'),
    },
    status: {},
  }
}

function containerOf({ args, flags }: Invocation, name: string): JsonObject {
  const words = args.slice(1)
  const port = flags.string('port')
  if (port !== '' && !/^\d+$/.test(port)) fail(`strconv.Atoi: parsing ${JSON.stringify(port)}: invalid syntax`)
  const env = flags.list('env').map((text) => {
    const equals = text.indexOf('=')
    if (equals <= 0) fail(`invalid env: ${text}`)
    return { name: text.slice(0, equals), value: text.slice(equals + 1) }
  })
  const policy = flags.string('image-pull-policy')
  return {
    ...(words.length === 0 ? {} : flags.bool('command') ? { command: words } : { args: words }),
    ...(env.length === 0 ? {} : { env }),
    image: flags.string('image'),
    ...(policy === '' ? {} : { imagePullPolicy: policy }),
    name,
    ...(port === '' ? {} : { ports: [{ containerPort: Number(port) }] }),
    resources: {},
    ...(flags.bool('privileged') ? { securityContext: { privileged: true } } : {}),
    ...(flags.bool('stdin') ? { stdin: true, stdinOnce: true } : {}),
    ...(flags.bool('tty') ? { tty: true } : {}),
  }
}

function pairsOf(pairs: readonly string[], what: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const equals = pair.indexOf('=')
      if (equals < 0) return fail(`unexpected ${what === 'labels' ? 'label' : 'annotation'} spec: ${pair}`)
      return [pair.slice(0, equals), pair.slice(equals + 1)] as const
    }),
  )
}
