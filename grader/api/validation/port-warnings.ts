// Ports of one Pod that get in each other's way. Upstream: warningsForPodSpecAndMeta of pkg/api/pod/warnings.go.
import type { ContainerPort, PodSpec } from '../core.ts'
import { goQuote } from '../field-error.ts'
import { child, type FieldPath, index } from '../field-path.ts'
import { containersOf } from './containers-of.ts'

interface PlacedPort {
  readonly port: ContainerPort
  readonly at: FieldPath
}

/** First clashes of numbers, then of names; both across all containers, init containers first. */
export function portWarnings(spec: PodSpec, path: FieldPath): readonly string[] {
  const ports = containersOf(spec, path).flatMap(([container, own]) =>
    (container.ports ?? []).map((port, i) => ({ port, at: index(child(own, 'ports'), i) })),
  )
  return [...numberWarnings(ports), ...nameWarnings(ports)]
}

function numberWarnings(ports: readonly PlacedPort[]): readonly string[] {
  const byNumber = new Map<string, PlacedPort[]>()
  return ports.flatMap((placed) => {
    const { port, at } = placed
    const found: string[] = []
    if ((port.hostIP ?? '') !== '' && (port.hostPort ?? 0) === 0)
      found.push(`${at}: hostIP set without hostPort: ${formatPort(port)}`)
    const key = `${port.containerPort ?? 0}/${port.protocol ?? ''}`
    const others = byNumber.get(key) ?? []
    for (const other of others) {
      const clash = clashOf(port, other.port)
      if (clash !== undefined) found.push(`${at}: ${clash} port definition with ${other.at}`)
    }
    byNumber.set(key, [...others, placed])
    return found
  })
}

function clashOf(port: ContainerPort, other: ContainerPort): string | undefined {
  const [ip, otherIp] = [port.hostIP ?? '', other.hostIP ?? '']
  const [host, otherHost] = [port.hostPort ?? 0, other.hostPort ?? 0]
  if (ip === otherIp && host === otherHost) return 'duplicate'
  if (host === 0 || otherHost === 0) return 'overlapping'
  return host === otherHost && (ip === '') !== (otherIp === '') ? 'dangerously ambiguous' : undefined
}

// Go's %+v of core.ContainerPort.
const formatPort = ({
  name = '',
  hostPort = 0,
  containerPort = 0,
  protocol = '',
  hostIP = '',
}: ContainerPort): string =>
  `{Name:${name} HostPort:${hostPort} ContainerPort:${containerPort} Protocol:${protocol} HostIP:${hostIP}}`

function nameWarnings(ports: readonly PlacedPort[]): readonly string[] {
  const byName = new Map<string, FieldPath>()
  return ports.flatMap(({ port, at }) => {
    const name = port.name ?? ''
    const other = byName.get(name)
    if (name === '') return []
    if (other !== undefined) {
      return [
        `${at}: duplicate port name ${goQuote(name)} with ${other}, services and probes that select ports by name will use ${other}`,
      ]
    }
    byName.set(name, at)
    return []
  })
}
