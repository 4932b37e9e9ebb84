/** kubectl expose. Upstream: k8s.io/kubectl/pkg/cmd/expose/expose.go. */
import type { Json, JsonObject } from '../../api/meta.ts'
import { type Resource, services } from '../../api/resource-table.ts'
import type { Command, Invocation, Session } from '../command.ts'
import { fail } from '../failure.ts'
import { flag } from '../flags.ts'
import { isObject } from '../manifest-input.ts'
import { FIELD_MANAGER } from '../output.ts'
import { valueAt } from '../pod-template.ts'
import { forEachTarget, select, type Target } from '../selection.ts'
import { FILENAME_FLAGS } from './file-flags.ts'
import { createGenerated, GENERATOR_FLAGS, metadata } from './generator.ts'

export const expose: Command = {
  name: 'expose',
  summary: 'Take a replication controller, service, deployment or pod and expose it as a new Kubernetes service',
  usage:
    '(-f FILENAME | TYPE NAME) [--port=port] [--protocol=TCP|UDP|SCTP] [--target-port=number-or-name] [--name=name] [--external-ip=external-ip-of-service] [--type=type]',
  flags: [
    ...GENERATOR_FLAGS.filter((f) => f.name !== 'field-manager'),
    FIELD_MANAGER('kubectl-expose'),
    ...FILENAME_FLAGS,
    flag(
      'cluster-ip',
      'string',
      "ClusterIP to be assigned to the service. Leave empty to auto-allocate, or set to 'None' to create a headless service.",
    ),
    flag(
      'external-ip',
      'string',
      'Additional external IP address (not managed by Kubernetes) to accept for the service.',
    ),
    flag('labels', 'string', 'Labels to apply to the service created by this call.', { short: 'l' }),
    flag('load-balancer-ip', 'string', 'IP to assign to the LoadBalancer.'),
    flag('name', 'string', 'The name for the newly created object.'),
    flag(
      'port',
      'string',
      'The port that the service should serve on. Copied from the resource being exposed, if unspecified',
    ),
    flag('protocol', 'string', "The network protocol for the service to be created. Default is 'TCP'."),
    flag('selector', 'string', 'A label selector to use for this service.'),
    flag(
      'session-affinity',
      'string',
      "If non-empty, set the session affinity for the service to this; legal values: 'None', 'ClientIP'",
    ),
    flag(
      'target-port',
      'string',
      'Name or number for the port on the container that the service should direct traffic to.',
    ),
    flag(
      'type',
      'string',
      "Type for this service: ClusterIP, NodePort, LoadBalancer, or ExternalName. Default is 'ClusterIP'.",
    ),
  ],
  run: runExpose,
}

const EXPOSABLE = new Set(['Service', 'Pod', 'Deployment', 'ReplicaSet'])

function runExpose(session: Session, invocation: Invocation): void {
  const { args, flags } = invocation
  const selected = select(session, {
    args,
    filenames: flags.list('filename'),
    recursive: flags.bool('recursive'),
    fetch: true,
  })
  forEachTarget(selected, (target) => {
    const { resource } = target
    if (!EXPOSABLE.has(resource.kind))
      fail(`cannot expose a ${resource.kind}${resource.group === '' ? '' : `.${resource.group}`}`)
    createGenerated(session, invocation, {
      resource: services as Resource,
      object: serviceOf(invocation, target),
      operation: 'exposed',
    })
  })
}

function serviceOf({ flags }: Invocation, target: Target): JsonObject {
  const name = flags.string('name') === '' ? target.name.slice(0, 63) : flags.string('name')
  const own = metadataLabels(target.object)
  const labels = flags.string('labels') === '' ? own : pairsOf(flags.string('labels'))
  const [clusterIP, type, affinity] = [
    flags.string('cluster-ip'),
    flags.string('type'),
    flags.string('session-affinity'),
  ]
  const external = flags.string('external-ip')
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadata(name, Object.keys(labels).length === 0 ? {} : { labels }),
    spec: {
      ...(clusterIP === '' ? {} : { clusterIP }),
      ...(external === '' ? {} : { externalIPs: [external] }),
      ports: portsOf(target, {
        port: flags.string('port'),
        protocol: flags.string('protocol'),
        targetPort: flags.string('target-port'),
      }),
      selector: flags.string('selector') === '' ? selectorOf(target) : pairsOf(flags.string('selector')),
      ...(affinity === '' ? {} : { sessionAffinity: affinity }),
      ...(type === '' ? {} : { type }),
    },
    status: { loadBalancer: {} },
  }
}

const metadataLabels = (object: JsonObject): JsonObject => {
  const labels = valueAt(object, ['metadata', 'labels'])
  return isObject(labels) ? labels : {}
}

function selectorOf(target: Target): JsonObject {
  const kind = target.resource.kind
  const selector =
    kind === 'Pod'
      ? metadataLabels(target.object)
      : valueAt(target.object, kind === 'Service' ? ['spec', 'selector'] : ['spec', 'selector', 'matchLabels'])
  if (!isObject(selector) || Object.keys(selector).length === 0) {
    return fail(
      kind === 'Pod'
        ? 'the pod has no labels and cannot be exposed'
        : `couldn't retrieve selectors via --selector flag or introspection: the ${kind.toLowerCase()} has no labels and cannot be exposed`,
    )
  }
  return selector
}

interface PortWish {
  readonly port: string
  readonly protocol: string
  readonly targetPort: string
}

function portsOf(target: Target, { port, protocol, targetPort }: PortWish): JsonObject[] {
  const declared = declaredPorts(target)
  const numbers =
    port === ''
      ? declared
      : port.split(',').map((text) => ({ port: Number(text), protocol: protocol === '' ? 'TCP' : protocol }))
  if (numbers.length === 0) fail("couldn't find port via --port flag or introspection")
  if (numbers.some((p) => !Number.isInteger(p.port)))
    fail(`strconv.Atoi: parsing ${JSON.stringify(port)}: invalid syntax`)
  const targetOf = (number: number): Json =>
    targetPort === '' ? number : /^\d+$/.test(targetPort) ? Number(targetPort) : targetPort
  return numbers.map((p, i) => ({
    ...(numbers.length > 1 ? { name: `port-${i + 1}` } : {}),
    port: p.port,
    protocol: p.protocol,
    targetPort: targetOf(p.port),
  }))
}

function declaredPorts({ object, resource }: Target): readonly { readonly port: number; readonly protocol: string }[] {
  if (resource.kind === 'Service') {
    const ports = valueAt(object, ['spec', 'ports'])
    return (Array.isArray(ports) ? (ports as readonly JsonObject[]) : []).map((p) => ({
      port: Number(p.port),
      protocol: String(p.protocol ?? 'TCP'),
    }))
  }
  const containers = valueAt(
    object,
    resource.kind === 'Pod' ? ['spec', 'containers'] : ['spec', 'template', 'spec', 'containers'],
  )
  const all = (Array.isArray(containers) ? (containers as readonly JsonObject[]) : []).flatMap((c) =>
    Array.isArray(c.ports) ? (c.ports as readonly JsonObject[]) : [],
  )
  return all.map((p) => ({ port: Number(p.containerPort), protocol: String(p.protocol ?? 'TCP') }))
}

const pairsOf = (text: string): JsonObject =>
  Object.fromEntries(
    text
      .split(',')
      .map((pair) =>
        pair.includes('=')
          ? [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]
          : fail(`unexpected label spec: ${pair}`),
      ),
  )
