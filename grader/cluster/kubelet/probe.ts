// What one probe finds. Pure. Upstream: pkg/probe/{http,tcp,exec,grpc}, pkg/kubelet/prober/prober.go.
import type { Probe } from '../../api/core.ts'
import type { ImageBehaviour } from '../cluster-config.ts'
import type { ContainerRecord } from './container.ts'

export type ProbeKind = 'Startup' | 'Liveness' | 'Readiness'

// Simplified: a probe finds what the image's `ready`, `readyAfterSeconds`, `failsProbesAfterSeconds` and `ports` say; what it asks for does not matter.
/** Whether the container answers well so many seconds after its start. */
export function isHealthy(behaviour: ImageBehaviour, seconds: number): boolean {
  const { ready, readyAfterSeconds = 0, failsProbesAfterSeconds = Number.POSITIVE_INFINITY } = behaviour
  return ready !== 'never' && seconds >= readyAfterSeconds && seconds < failsProbesAfterSeconds
}

export interface Target {
  readonly probe: Probe
  readonly container: ContainerRecord
  readonly behaviour: ImageBehaviour
  readonly podIP: string
}

/** The output of a probe that fails; undefined if it succeeds. */
export function probeFailure({ probe, container, behaviour, podIP }: Target, seconds: number): string | undefined {
  const { httpGet, tcpSocket, grpc } = probe
  const port = portOf(httpGet?.port ?? tcpSocket?.port ?? grpc?.port, container)
  const host = `${httpGet?.host ?? tcpSocket?.host ?? podIP}:${port}`
  const isClosed = port !== undefined && behaviour.ports !== undefined && !behaviour.ports.includes(Number(port))
  if (!isClosed && isHealthy(behaviour, seconds)) return undefined
  const refused = `dial tcp ${host}: connect: connection refused`
  if (httpGet !== undefined) {
    const { scheme = 'HTTP', path = '/' } = httpGet
    return isClosed
      ? `Get "${scheme.toLowerCase()}://${host}${path}": ${refused}`
      : 'HTTP probe failed with statuscode: 503'
  }
  if (tcpSocket !== undefined) return refused
  if (grpc === undefined) return ''
  return isClosed
    ? `timeout: failed to connect service "${host}" within ${probe.timeoutSeconds ?? 1}s: context deadline exceeded`
    : 'service unhealthy (responded with "NOT_SERVING")'
}

/** A port by its number, or by the name that the container gives it. */
function portOf(port: number | string | undefined, { spec }: ContainerRecord): number | string | undefined {
  return typeof port === 'string' ? (spec.ports?.find(({ name }) => name === port)?.containerPort ?? port) : port
}
