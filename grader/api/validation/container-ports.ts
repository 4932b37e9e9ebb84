// The ports of containers. Upstream: validateContainerPorts, AccumulateUniqueHostPorts and validatePodHostNetworkDeps of
// pkg/apis/core/validation/validation.go.
import type { Container, ContainerPort } from '../core.ts'
import { duplicate, type FieldError, invalid, required } from '../field-error.ts'
import { child, type FieldPath, index } from '../field-path.ts'
import { NONE, requireSupported } from './field-checks.ts'
import { isPortName, isPortNumber } from './format.ts'

const PROTOCOLS = ['SCTP', 'TCP', 'UDP']

/** Names, numbers and protocols of one container's ports. */
export function validateContainerPorts(
  ports: readonly ContainerPort[] | undefined,
  path: FieldPath,
): readonly FieldError[] {
  if (ports === undefined) return NONE
  const errors: FieldError[] = []
  const names = new Set<string>()
  ports.forEach((port, i) => {
    const at = index(path, i)
    errors.push(...validateName(port.name ?? '', names, child(at, 'name')))
    const number = port.containerPort ?? 0
    if (number === 0) errors.push(required(child(at, 'containerPort')))
    else errors.push(...checkPort(number, child(at, 'containerPort')))
    if ((port.hostPort ?? 0) !== 0) errors.push(...checkPort(port.hostPort!, child(at, 'hostPort')))
    errors.push(...requireSupported(port.protocol, PROTOCOLS, child(at, 'protocol')))
  })
  return errors
}

/** A port given by number or by name, as in probes. Upstream: ValidatePortNumOrName. */
export function validatePortNumberOrName(port: number | string | undefined, path: FieldPath): readonly FieldError[] {
  if (typeof port === 'string') return isPortName(port).map((message) => invalid(path, port, message))
  return checkPort(port ?? 0, path)
}

/** The same host port twice in these containers. */
export function checkHostPortConflicts(containers: readonly Container[], path: FieldPath): readonly FieldError[] {
  const seen = new Set<string>()
  const errors: FieldError[] = []
  containers.forEach((container, c) => {
    container.ports?.forEach((port, p) => {
      if ((port.hostPort ?? 0) === 0) return
      const text = `${port.protocol ?? ''}/${port.hostIP ?? ''}/${port.hostPort}`
      if (seen.has(text)) errors.push(duplicate(child(index(child(index(path, c), 'ports'), p), 'hostPort'), text))
      seen.add(text)
    })
  })
  return errors
}

/** On the host's network a host port is the container's port; a template may leave it out. */
export function validateHostNetworkPorts(
  containers: readonly Container[],
  isPod: boolean,
  path: FieldPath,
): readonly FieldError[] {
  const errors: FieldError[] = []
  containers.forEach((container, c) => {
    container.ports?.forEach((port, p) => {
      const hostPort = port.hostPort ?? 0
      if ((!isPod && hostPort === 0) || hostPort === (port.containerPort ?? 0)) return
      const at = child(index(child(index(path, c), 'ports'), p), 'hostPort')
      errors.push(invalid(at, hostPort, 'must match `containerPort` when `hostNetwork` is true'))
    })
  })
  return errors
}

function validateName(name: string, names: Set<string>, path: FieldPath): readonly FieldError[] {
  if (name === '') return NONE
  const messages = isPortName(name)
  if (messages.length > 0) return messages.map((message) => invalid(path, name, message))
  if (names.has(name)) return [duplicate(path, name)]
  names.add(name)
  return NONE
}

const checkPort = (port: number, path: FieldPath): readonly FieldError[] =>
  isPortNumber(port).map((message) => invalid(path, port, message))
