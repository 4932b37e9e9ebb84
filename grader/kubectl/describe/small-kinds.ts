/** describe of configmap, secret, serviceaccount, service, pdb, priorityclass, event. Upstream: describe.go. */
import { compareStrings } from '../../api/compare.ts'
import type { ConfigMap, Secret, Service, ServiceAccount } from '../../api/core.ts'
import { formatLabelSelector, formatLabels } from '../../api/labels.ts'
import type { KubeObject } from '../../api/meta.ts'
import type { PodDisruptionBudget, PriorityClass } from '../../api/other.ts'
import { writeAnnotations, writeLabels } from './maps.ts'
import { writeNames } from './workloads.ts'
import type { Writer } from './writer.ts'

export function writeHead(writer: Writer, object: KubeObject): void {
  writeNames(writer, object)
  writeLabels(writer, 'Labels', object.metadata.labels)
  writeAnnotations(writer, 'Annotations', object.metadata.annotations)
}

export function describeConfigMap(writer: Writer, configMap: ConfigMap): void {
  writeHead(writer, configMap)
  writer.write(0, '\nData\n====\n')
  for (const key of sortedKeys(configMap.data)) writer.write(0, `${key}:\n----\n${configMap.data?.[key] ?? ''}\n\n`)
  writer.write(0, '\nBinaryData\n====\n')
  for (const key of sortedKeys(configMap.binaryData))
    writer.write(0, `${key}: ${base64Bytes(configMap.binaryData?.[key] ?? '')} bytes\n`)
  writer.write(0, '\n')
}

export function describeSecret(writer: Writer, secret: Secret): void {
  writeHead(writer, secret)
  writer.write(0, `\nType:\t${secret.type ?? ''}\n\nData\n====\n`)
  for (const key of sortedKeys(secret.data))
    writer.write(0, `${key}:\t${base64Bytes(secret.data?.[key] ?? '')} bytes\n`)
}

const sortedKeys = (map: Readonly<Record<string, string>> | undefined): string[] =>
  Object.keys(map ?? {}).sort(compareStrings)

function base64Bytes(text: string): number {
  const clean = text.replace(/\s/g, '')
  return Math.floor((clean.length * 3) / 4) - (/=*$/.exec(clean)?.[0].length ?? 0)
}

export function describeServiceAccount(writer: Writer, account: ServiceAccount): void {
  writeHead(writer, account)
  const list = (title: string, names: readonly string[]): void => {
    if (names.length === 0) writer.write(0, `${title}\t<none>\n`)
    for (const [i, name] of names.entries()) writer.write(0, `${i === 0 ? title : '                   '}\t${name}\n`)
  }
  list(
    'Image pull secrets:',
    (account.imagePullSecrets ?? []).map((s) => s.name ?? ''),
  )
  list(
    'Mountable secrets: ',
    (account.secrets ?? []).map((s) => s.name ?? ''),
  )
  list('Tokens:            ', [])
}

interface ServicePort {
  readonly name?: string
  readonly port: number
  readonly protocol?: string
  readonly targetPort?: number | string
  readonly nodePort?: number
}

export function describeService(writer: Writer, service: Service): void {
  writeHead(writer, service)
  const spec = service.spec as {
    readonly selector?: Readonly<Record<string, string>>
    readonly type?: string
    readonly ipFamilyPolicy?: string
    readonly ipFamilies?: readonly string[]
    readonly clusterIP?: string
    readonly clusterIPs?: readonly string[]
    readonly ports?: readonly ServicePort[]
    readonly sessionAffinity?: string
    readonly internalTrafficPolicy?: string
    readonly externalTrafficPolicy?: string
  }
  writer.write(0, `Selector:\t${formatLabels(spec.selector)}\n`)
  writer.write(0, `Type:\t${spec.type ?? ''}\n`)
  if (spec.ipFamilyPolicy !== undefined) writer.write(0, `IP Family Policy:\t${spec.ipFamilyPolicy}\n`)
  writer.write(0, `IP Families:\t${spec.ipFamilies === undefined ? '<none>' : spec.ipFamilies.join(',')}\n`)
  writer.write(0, `IP:\t${spec.clusterIP ?? ''}\n`)
  writer.write(0, `IPs:\t${spec.clusterIPs === undefined ? '<none>' : spec.clusterIPs.join(',')}\n`)
  for (const port of spec.ports ?? []) {
    writer.write(0, `Port:\t${port.name ?? '<unset>'}\t${port.port}/${port.protocol ?? 'TCP'}\n`)
    writer.write(0, `TargetPort:\t${port.targetPort ?? port.port}/${port.protocol ?? 'TCP'}\n`)
    if (port.nodePort !== undefined)
      writer.write(0, `NodePort:\t${port.name ?? '<unset>'}\t${port.nodePort}/${port.protocol ?? 'TCP'}\n`)
    // Simplified: no EndpointSlices are kept, so a Service never lists endpoints.
    writer.write(0, 'Endpoints:\t\n')
  }
  writer.write(0, `Session Affinity:\t${spec.sessionAffinity ?? 'None'}\n`)
  if (spec.externalTrafficPolicy !== undefined)
    writer.write(0, `External Traffic Policy:\t${spec.externalTrafficPolicy}\n`)
  if (spec.internalTrafficPolicy !== undefined)
    writer.write(0, `Internal Traffic Policy:\t${spec.internalTrafficPolicy}\n`)
}

export function describeBudget(writer: Writer, budget: PodDisruptionBudget): void {
  writeNames(writer, budget)
  const { spec, status } = budget
  if (spec.minAvailable !== undefined) writer.write(0, `Min available:\t${spec.minAvailable}\n`)
  else if (spec.maxUnavailable !== undefined) writer.write(0, `Max unavailable:\t${spec.maxUnavailable}\n`)
  writer.write(
    0,
    spec.selector === undefined ? 'Selector:\t<unset>\n' : `Selector:\t${formatLabelSelector(spec.selector)}\n`,
  )
  writer.write(0, 'Status:\n')
  writer.write(2, `Allowed disruptions:\t${status.disruptionsAllowed}\n`)
  writer.write(2, `Current:\t${status.currentHealthy}\n`)
  writer.write(2, `Desired:\t${status.desiredHealthy}\n`)
  writer.write(2, `Total:\t${status.expectedPods}\n`)
}

export function describePriorityClass(writer: Writer, priorityClass: PriorityClass): void {
  writer.write(0, `Name:\t${priorityClass.metadata.name}\n`)
  writer.write(0, `Value:\t${priorityClass.value}\n`)
  writer.write(0, `GlobalDefault:\t${priorityClass.globalDefault ?? false}\n`)
  writer.write(0, `PreemptionPolicy:\t${priorityClass.preemptionPolicy ?? 'PreemptLowerPriority'}\n`)
  writer.write(0, `Description:\t${priorityClass.description ?? ''}\n`)
  writeAnnotations(writer, 'Annotations', priorityClass.metadata.annotations)
}
