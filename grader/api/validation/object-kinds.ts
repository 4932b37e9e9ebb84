// Kinds that are stored but that nothing here acts on: Service, NetworkPolicy, StorageClass, CSIDriver.
// Upstream: pkg/apis/core/validation (validateService), pkg/apis/networking/validation, pkg/apis/storage/validation.
import { deepEqual } from '../compare.ts'
import type { Service } from '../core.ts'
import { duplicate, type FieldError, forbidden, invalid, notSupported, required } from '../field-error.ts'
import { child, type FieldPath, index } from '../field-path.ts'
import type { LabelSelector, StringMap } from '../meta.ts'
import type { CSIDriver, NetworkPolicy, StorageClass } from '../other.ts'
import { validatePortNumberOrName } from './container-ports.ts'
import { checkFormat, checkSupported, NONE, requireSupported, requireText } from './field-checks.ts'
import {
  isDns1123Label,
  isDns1123Subdomain,
  isLabelKey,
  isPortName,
  isPortNumber,
  type NameRule,
  nameIsDns1035Label,
  nameIsDnsSubdomain,
} from './format.ts'
import { validateLegacyCidr } from './ip-address.ts'
import { validateLabelSelector, validateLabels } from './label-selector.ts'
import { validateImmutable, validateObjectMeta, validateObjectMetaUpdate } from './object-meta.ts'
import { validateCsiDriverName } from './volume-sources.ts'

interface ServicePort {
  readonly name?: string
  readonly protocol?: string
  readonly port?: number
  readonly targetPort?: number | string
  readonly nodePort?: number
  readonly appProtocol?: string
}

interface ServiceSpec {
  readonly type?: string
  readonly clusterIP?: string
  readonly externalName?: string
  readonly ports?: readonly ServicePort[]
  readonly selector?: StringMap
  readonly sessionAffinity?: string
}

export const validateService = (service: Service): readonly FieldError[] => [
  ...validateObjectMeta(service.metadata, { namespaced: true, name: nameIsDns1035Label }),
  ...validateServiceSpec(service.spec as ServiceSpec),
]

export const validateServiceUpdate = (next: Service, previous: Service): readonly FieldError[] => [
  ...validateObjectMetaUpdate(next.metadata, previous.metadata),
  ...validateServiceSpec(next.spec as ServiceSpec),
]

// Simplified: no address is allocated, so the rules about cluster IPs, families, load balancers and traffic policies are
// left out.
function validateServiceSpec(spec: ServiceSpec): readonly FieldError[] {
  const { type = '', ports = [] } = spec
  const headless = type === 'ClusterIP' && spec.clusterIP === 'None'
  const errors: FieldError[] = []
  if (ports.length === 0 && !headless && type !== 'ExternalName') errors.push(required('spec.ports'))
  if (type === 'ExternalName') {
    const name = (spec.externalName ?? '').replace(/\.$/, '')
    errors.push(
      ...(name === '' ? [required('spec.externalName')] : checkFormat(name, isDns1123Subdomain, 'spec.externalName')),
    )
  }
  const names = new Set<string>()
  ports.forEach((port, i) => {
    errors.push(...validateServicePort(port, ports.length > 1, names, index('spec.ports', i)))
  })
  if (spec.selector !== undefined) errors.push(...validateLabels(spec.selector, 'spec.selector'))
  errors.push(...requireSupported(spec.sessionAffinity, ['ClientIP', 'None'], 'spec.sessionAffinity'))
  errors.push(...requireSupported(type, ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'], 'spec.type'))
  return [...errors, ...validatePortClashes(ports, type)]
}

function validateServicePort(
  port: ServicePort,
  needsName: boolean,
  names: Set<string>,
  path: FieldPath,
): readonly FieldError[] {
  const { name = '' } = port
  const errors: FieldError[] = []
  if (name !== '') errors.push(...checkFormat(name, isDns1123Label, child(path, 'name')))
  else if (needsName) errors.push(required(child(path, 'name')))
  if (name !== '' && names.has(name)) errors.push(duplicate(child(path, 'name'), name))
  names.add(name)
  for (const message of isPortNumber(port.port ?? 0)) errors.push(invalid(child(path, 'port'), port.port ?? 0, message))
  errors.push(...requireSupported(port.protocol, ['SCTP', 'TCP', 'UDP'], child(path, 'protocol')))
  errors.push(...validatePortNumberOrName(port.targetPort, child(path, 'targetPort')))
  return port.appProtocol === undefined
    ? errors
    : [...errors, ...checkFormat(port.appProtocol, isLabelKey, child(path, 'appProtocol'))]
}

function validatePortClashes(ports: readonly ServicePort[], type: string): readonly FieldError[] {
  const errors: FieldError[] = []
  const at = (i: number): FieldPath => index('spec.ports', i)
  ports.forEach(({ nodePort = 0 }, i) => {
    if (type === 'ClusterIP' && nodePort !== 0)
      errors.push(forbidden(child(at(i), 'nodePort'), "may not be used when `type` is 'ClusterIP'"))
  })
  ports.forEach(({ nodePort = 0, protocol }, i) => {
    const before = ports.slice(0, i).some((other) => other.nodePort === nodePort && other.protocol === protocol)
    if (nodePort !== 0 && before) errors.push(duplicate(child(at(i), 'nodePort'), nodePort))
  })
  ports.forEach(({ port = 0, protocol = '' }, i) => {
    if (!ports.slice(0, i).some((other) => other.port === port && other.protocol === protocol)) return
    errors.push(
      duplicate(at(i), { Name: '', Protocol: protocol, AppProtocol: null, Port: port, TargetPort: 0, NodePort: 0 }),
    )
  })
  return errors
}

interface PolicyPort {
  readonly protocol?: string
  readonly port?: number | string
  readonly endPort?: number
}

interface Peer {
  readonly podSelector?: LabelSelector
  readonly namespaceSelector?: LabelSelector
  readonly ipBlock?: { readonly cidr?: string; readonly except?: readonly string[] }
}

interface PolicySpec {
  readonly podSelector?: LabelSelector
  readonly ingress?: readonly { readonly ports?: readonly PolicyPort[]; readonly from?: readonly Peer[] }[]
  readonly egress?: readonly { readonly ports?: readonly PolicyPort[]; readonly to?: readonly Peer[] }[]
  readonly policyTypes?: readonly string[]
}

export const validateNetworkPolicy = (policy: NetworkPolicy): readonly FieldError[] => [
  ...validateObjectMeta(policy.metadata, { namespaced: true, name: nameIsDnsSubdomain }),
  ...validatePolicySpec((policy.spec ?? {}) as PolicySpec),
]

export const validateNetworkPolicyUpdate = (next: NetworkPolicy, previous: NetworkPolicy): readonly FieldError[] => [
  ...validateObjectMetaUpdate(next.metadata, previous.metadata),
  ...validatePolicySpec((next.spec ?? {}) as PolicySpec),
]

function validatePolicySpec(spec: PolicySpec): readonly FieldError[] {
  const errors = [...validateLabelSelector(spec.podSelector, 'spec.podSelector')]
  const rule = (at: FieldPath, ports: readonly PolicyPort[] = [], word: string, peers: readonly Peer[] = []): void => {
    ports.forEach((port, i) => {
      errors.push(...validatePolicyPort(port, index(child(at, 'ports'), i)))
    })
    peers.forEach((peer, i) => {
      errors.push(...validatePeer(peer, index(child(at, word), i)))
    })
  }
  spec.ingress?.forEach(({ ports, from }, i) => {
    rule(index('spec.ingress', i), ports, 'from', from)
  })
  spec.egress?.forEach(({ ports, to }, i) => {
    rule(index('spec.egress', i), ports, 'to', to)
  })
  const types = spec.policyTypes ?? []
  if (types.length > 2)
    return [...errors, invalid('spec.policyTypes', types, 'may not specify more than two policyTypes')]
  return [
    ...errors,
    ...types.flatMap((type, i) => checkSupported(type, ['Ingress', 'Egress'], index('spec.policyTypes', i))),
  ]
}

function validatePolicyPort({ protocol, port, endPort }: PolicyPort, path: FieldPath): readonly FieldError[] {
  const errors: FieldError[] =
    protocol === undefined ? [] : [...checkSupported(protocol, ['TCP', 'UDP', 'SCTP'], child(path, 'protocol'))]
  const endAt = child(path, 'endPort')
  if (typeof port === 'number') {
    for (const message of isPortNumber(port)) errors.push(invalid(child(path, 'port'), port, message))
    if (endPort !== undefined && endPort < port)
      errors.push(invalid(endAt, port, 'must be greater than or equal to `port`'))
    for (const message of endPort === undefined ? [] : isPortNumber(endPort))
      errors.push(invalid(endAt, endPort, message))
    return errors
  }
  if (endPort !== undefined)
    errors.push(
      invalid(
        endAt,
        endPort,
        `may not be specified when \`port\` is ${port === undefined ? 'not specified' : 'non-numeric'}`,
      ),
    )
  return port === undefined ? errors : [...errors, ...checkFormat(port, isPortName, child(path, 'port'))]
}

function validatePeer(peer: Peer, path: FieldPath): readonly FieldError[] {
  const { podSelector, namespaceSelector, ipBlock } = peer
  const errors = [
    ...validateLabelSelector(podSelector, child(path, 'podSelector')),
    ...validateLabelSelector(namespaceSelector, child(path, 'namespaceSelector')),
  ]
  if (ipBlock !== undefined) errors.push(...validateIpBlock(ipBlock, child(path, 'ipBlock')))
  const selects = podSelector !== undefined || namespaceSelector !== undefined
  if (!selects && ipBlock === undefined) return [...errors, required(path, 'must specify a peer')]
  return selects && ipBlock !== undefined
    ? [...errors, forbidden(path, 'may not specify both ipBlock and another peer')]
    : errors
}

// Simplified: whether an exception lies inside its block is not checked.
function validateIpBlock(
  { cidr = '', except = [] }: NonNullable<Peer['ipBlock']>,
  path: FieldPath,
): readonly FieldError[] {
  if (cidr === '') return [required(child(path, 'cidr'))]
  return [
    ...validateLegacyCidr(cidr, child(path, 'cidr')),
    ...except.flatMap((one, i) => validateLegacyCidr(one, index(child(path, 'except'), i))),
  ]
}

export function validateStorageClass(storageClass: StorageClass): readonly FieldError[] {
  const { provisioner = '', reclaimPolicy = '', volumeBindingMode } = storageClass
  const errors = [
    ...validateObjectMeta(storageClass.metadata, { namespaced: false, name: nameIsDnsSubdomain }),
    ...requireText(provisioner, 'provisioner'),
  ]
  if (provisioner !== '') errors.push(...checkFormat(provisioner.toLowerCase(), isLabelKey, 'provisioner'))
  if (reclaimPolicy !== '') errors.push(...checkSupported(reclaimPolicy, ['Delete', 'Retain'], 'reclaimPolicy'))
  const modes = ['Immediate', 'WaitForFirstConsumer']
  return [
    ...errors,
    ...(volumeBindingMode === undefined
      ? [required('volumeBindingMode')]
      : checkSupported(volumeBindingMode, modes, 'volumeBindingMode')),
  ]
}

export function validateStorageClassUpdate(next: StorageClass, previous: StorageClass): readonly FieldError[] {
  const errors = [...validateObjectMetaUpdate(next.metadata, previous.metadata)]
  for (const field of ['parameters', 'provisioner', 'reclaimPolicy'] as const) {
    if (!deepEqual(next[field], previous[field])) errors.push(forbidden(field, `updates to ${field} are forbidden.`))
  }
  return [...errors, ...validateImmutable(next.volumeBindingMode, previous.volumeBindingMode, 'volumeBindingMode')]
}

const csiDriverName: NameRule = (name) => validateCsiDriverName(name, '').map((error) => error.detail)

export const validateCsiDriver = (driver: CSIDriver): readonly FieldError[] => [
  ...validateObjectMeta(driver.metadata, { namespaced: false, name: csiDriverName }),
  ...validateCsiSpec(driver),
]

export const validateCsiDriverUpdate = (next: CSIDriver, previous: CSIDriver): readonly FieldError[] => [
  ...validateObjectMetaUpdate(next.metadata, previous.metadata),
  ...validateCsiSpec(next),
  ...validateImmutable(next.spec.attachRequired, previous.spec.attachRequired, 'spec.attachedRequired'),
  ...validateImmutable(next.spec.volumeLifecycleModes, previous.spec.volumeLifecycleModes, 'spec.volumeLifecycleModes'),
]

// Simplified: token requests are not checked.
function validateCsiSpec({ spec }: CSIDriver): readonly FieldError[] {
  const policy = spec.fsGroupPolicy as string | undefined
  const modes = (spec.volumeLifecycleModes ?? []) as readonly string[]
  return [
    ...(policy === undefined
      ? NONE
      : checkSupported(policy, ['File', 'None', 'ReadWriteOnceWithFSType'], 'spec.fsGroupPolicy')),
    ...modes
      .filter((mode) => mode !== 'Persistent' && mode !== 'Ephemeral')
      .map((mode) => notSupported('spec.volumeLifecycleModes', mode, ['Persistent', 'Ephemeral'])),
  ]
}
