/** Containers as describe shows them. Upstream: describe.go (describeContainers, DescribeProbe). */
import { compareStrings, sortBy } from '../../api/compare.ts'
import type { Container, ContainerState, ContainerStatus, EnvVar, Probe, ResourceRequirements } from '../../api/core.ts'
import { formatQuantity, quantity } from '../../api/quantity.ts'
import { formatRfc1123 } from '../rfc1123.ts'
import { resourceFieldValue } from './resource-field.ts'
import type { Writer } from './writer.ts'

export interface ContainersPart {
  readonly label: string
  readonly containers: readonly Container[]
  readonly statuses?: readonly ContainerStatus[]
  /** Two blanks inside a Pod template, else nothing. */
  readonly space: string
  /** What a field of the Pod is, if there is a Pod. */
  readonly fieldValue?: (fieldPath: string) => string
}

export function describeContainers(writer: Writer, part: ContainersPart): void {
  const { containers, statuses, space } = part
  writer.write(0, `${space}${part.label}:${containers.length === 0 ? ' <none>' : ''}\n`)
  for (const container of containers) {
    const status = statuses?.find((s) => s.name === container.name)
    describeBasics(writer, container, status, space)
    describeWords(writer, 'Command', container.command)
    describeWords(writer, 'Args', container.args)
    if (status !== undefined) describeStatus(writer, status)
    describeResources(writer, container.resources, 2)
    describeProbes(writer, container)
    describeEnvFrom(writer, container)
    describeEnv(writer, container, part.fieldValue)
    describeMounts(writer, container)
  }
}

function describeBasics(
  writer: Writer,
  container: Container,
  status: ContainerStatus | undefined,
  space: string,
): void {
  writer.write(1, `${space === '' ? '' : ' '}${container.name}:\n`)
  if (status !== undefined) writer.write(2, `Container ID:\t${status.containerID ?? ''}\n`)
  writer.write(2, `Image:\t${container.image ?? ''}\n`)
  if (status !== undefined) writer.write(2, `Image ID:\t${status.imageID}\n`)
  const ports = container.ports ?? []
  writePorts(
    writer,
    'Port',
    ports.map((p) => `${p.containerPort}/${p.protocol ?? 'TCP'}`),
  )
  writePorts(
    writer,
    'Host Port',
    ports.map((p) => `${p.hostPort ?? 0}/${p.protocol ?? 'TCP'}`),
  )
}

function writePorts(writer: Writer, title: string, ports: readonly string[]): void {
  writer.write(2, ports.length > 1 ? `${title}s:\t${ports.join(', ')}\n` : `${title}:\t${ports[0] ?? '<none>'}\n`)
}

function describeWords(writer: Writer, title: string, words: readonly string[] | undefined): void {
  if (words === undefined || words.length === 0) return
  writer.write(2, `${title}:\n`)
  for (const word of words) for (const line of word.split('\n')) writer.write(3, `${line}\n`)
}

function describeStatus(writer: Writer, status: ContainerStatus): void {
  describeState(writer, 'State', status.state ?? {})
  if (status.lastState?.terminated !== undefined) describeState(writer, 'Last State', status.lastState)
  writer.write(2, `Ready:\t${status.ready ? 'True' : 'False'}\n`)
  writer.write(2, `Restart Count:\t${status.restartCount}\n`)
}

function describeState(writer: Writer, title: string, { running, waiting, terminated }: ContainerState): void {
  if (running !== undefined) {
    writer.write(2, `${title}:\tRunning\n`)
    writer.write(3, `Started:\t${formatRfc1123(running.startedAt)}\n`)
  } else if (terminated !== undefined) {
    writer.write(2, `${title}:\tTerminated\n`)
    if ((terminated.reason ?? '') !== '') writer.write(3, `Reason:\t${terminated.reason}\n`)
    if ((terminated.message ?? '') !== '') writer.write(3, `Message:\t${terminated.message}\n`)
    writer.write(3, `Exit Code:\t${terminated.exitCode}\n`)
    if ((terminated.signal ?? 0) > 0) writer.write(3, `Signal:\t${terminated.signal}\n`)
    writer.write(3, `Started:\t${formatRfc1123(terminated.startedAt)}\n`)
    writer.write(3, `Finished:\t${formatRfc1123(terminated.finishedAt)}\n`)
  } else {
    writer.write(2, `${title}:\tWaiting\n`)
    if ((waiting?.reason ?? '') !== '') writer.write(3, `Reason:\t${waiting?.reason}\n`)
  }
}

/** Limits and requests, if there are any. */
export function describeResources(writer: Writer, resources: ResourceRequirements | undefined, level: number): void {
  for (const [title, list] of [
    ['Limits', resources?.limits],
    ['Requests', resources?.requests],
  ] as const) {
    const names = Object.keys(list ?? {}).sort(compareStrings)
    if (names.length > 0) writer.write(level, `${title}:\n`)
    for (const name of names) writer.write(level + 1, `${name}:\t${formatQuantity(quantity(list?.[name]))}\n`)
  }
}

function describeProbes(writer: Writer, container: Container): void {
  if (container.livenessProbe !== undefined) writer.write(2, `Liveness:\t${formatProbe(container.livenessProbe)}\n`)
  if (container.readinessProbe !== undefined) writer.write(2, `Readiness:\t${formatProbe(container.readinessProbe)}\n`)
  if (container.startupProbe !== undefined) writer.write(2, `Startup:\t${formatProbe(container.startupProbe)}\n`)
}

/** `http-get http://:80/ delay=0s timeout=1s period=10s #success=1 #failure=3`. */
export function formatProbe(probe: Probe): string {
  const times = `delay=${probe.initialDelaySeconds ?? 0}s timeout=${probe.timeoutSeconds ?? 0}s period=${probe.periodSeconds ?? 0}s`
  const attributes = `${times} #success=${probe.successThreshold ?? 0} #failure=${probe.failureThreshold ?? 0}`
  if (probe.exec !== undefined) return `exec [${(probe.exec.command ?? []).join(' ')}] ${attributes}`
  if (probe.httpGet !== undefined) {
    const { scheme = 'HTTP', host = '', port, path = '' } = probe.httpGet
    const at = String(port) === '' ? host : `${host.includes(':') ? `[${host}]` : host}:${port}`
    return `http-get ${scheme.toLowerCase()}://${at}${path === '' || path.startsWith('/') ? path : `/${path}`} ${attributes}`
  }
  if (probe.tcpSocket !== undefined)
    return `tcp-socket ${probe.tcpSocket.host ?? ''}:${probe.tcpSocket.port} ${attributes}`
  if (probe.grpc !== undefined) return `grpc <pod>:${probe.grpc.port} ${probe.grpc.service ?? ''} ${attributes}`
  return `unknown ${attributes}`
}

function describeEnvFrom(writer: Writer, container: Container): void {
  if (container.envFrom === undefined || container.envFrom.length === 0) return
  writer.write(2, 'Environment Variables from:\n')
  for (const { configMapRef, secretRef, prefix = '' } of container.envFrom) {
    const from = configMapRef === undefined ? 'Secret' : 'ConfigMap'
    const source = configMapRef ?? secretRef
    const how = prefix === '' ? from : `${from} with prefix '${prefix}'`
    writer.write(3, `${source?.name ?? ''}\t${how}\tOptional: ${source?.optional ?? false}\n`)
  }
}

function describeEnv(writer: Writer, container: Container, fieldValue?: (fieldPath: string) => string): void {
  const all = container.env ?? []
  writer.write(2, `Environment:${all.length === 0 ? '\t<none>' : ''}\n`)
  for (const env of all) describeVariable(writer, container, env, fieldValue)
}

function describeVariable(
  writer: Writer,
  container: Container,
  { name, value, valueFrom }: EnvVar,
  fieldValue?: (fieldPath: string) => string,
): void {
  if (valueFrom === undefined) {
    for (const [i, line] of (value ?? '').split('\n').entries())
      writer.write(3, `${i === 0 ? `${name}:` : ''}\t${line}\n`)
    return
  }
  const { fieldRef, resourceFieldRef, secretKeyRef, configMapKeyRef } = valueFrom
  if (fieldRef !== undefined) {
    writer.write(
      3,
      `${name}:\t${fieldValue?.(fieldRef.fieldPath) ?? ''} (${fieldRef.apiVersion ?? 'v1'}:${fieldRef.fieldPath})\n`,
    )
  } else if (resourceFieldRef !== undefined) {
    writer.write(3, `${name}:\t${resourceFieldValue(container, resourceFieldRef)} (${resourceFieldRef.resource})\n`)
  } else if (secretKeyRef !== undefined) {
    writer.write(
      3,
      `${name}:\t<set to the key '${secretKeyRef.key}' in secret '${secretKeyRef.name ?? ''}'>\tOptional: ${secretKeyRef.optional ?? false}\n`,
    )
  } else if (configMapKeyRef !== undefined) {
    writer.write(
      3,
      `${name}:\t<set to the key '${configMapKeyRef.key}' of config map '${configMapKeyRef.name ?? ''}'>\tOptional: ${configMapKeyRef.optional ?? false}\n`,
    )
  }
}

function describeMounts(writer: Writer, container: Container): void {
  const mounts = sortBy(container.volumeMounts ?? [], (m) => m.mountPath)
  writer.write(2, `Mounts:${mounts.length === 0 ? '\t<none>' : ''}\n`)
  for (const mount of mounts) {
    const traits = [
      mount.readOnly === true ? 'ro' : 'rw',
      ...((mount.subPath ?? '') === '' ? [] : [`path=${JSON.stringify(mount.subPath)}`]),
    ]
    writer.write(3, `${mount.mountPath} from ${mount.name} (${traits.join(',')})\n`)
  }
  const devices = (container.volumeDevices ?? []) as readonly { readonly name?: string; readonly devicePath?: string }[]
  if (devices.length > 0) writer.write(2, 'Devices:\n')
  for (const device of sortBy(devices, (d) => d.devicePath ?? ''))
    writer.write(3, `${device.devicePath} from ${device.name}\n`)
}
