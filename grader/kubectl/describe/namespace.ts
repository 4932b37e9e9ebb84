/** describe namespace, resourcequota, limitrange. Upstream: describe.go. */
import { compareStrings } from '../../api/compare.ts'
import type { LimitRange, Namespace, ResourceQuota } from '../../api/core.ts'
import { formatQuantity, quantity } from '../../api/quantity.ts'
import { limitRanges, resourceQuotas } from '../../api/resource-table.ts'
import type { Session } from '../command.ts'
import { writeAnnotations, writeLabels } from './maps.ts'
import { writeNames } from './workloads.ts'
import type { Writer } from './writer.ts'

export function describeNamespace(writer: Writer, { metadata, status }: Namespace, session: Session): void {
  writer.write(0, `Name:\t${metadata.name}\n`)
  writeLabels(writer, 'Labels', metadata.labels)
  writeAnnotations(writer, 'Annotations', metadata.annotations)
  writer.write(0, `Status:\t${status?.phase ?? ''}\n`)
  const conditions = status?.conditions ?? []
  if (conditions.length > 0) {
    writer.write(0, 'Conditions:\n  Type\tStatus\tLastTransitionTime\tReason\tMessage\n')
    writer.write(1, '----\t------\t------------------\t------\t-------\n')
  }
  for (const c of conditions)
    writer.write(
      1,
      `${c.type} \t${c.status} \t${c.lastTransitionTime ?? ''} \t${c.reason ?? ''} \t${c.message ?? ''}\n`,
    )
  const quotas = session.client.list(resourceQuotas, { namespace: metadata.name })
  writer.write(0, '\n')
  writeQuotas(writer, quotas.ok ? quotas.value.items : [])
  const limits = session.client.list(limitRanges, { namespace: metadata.name })
  writer.write(0, '\n')
  writeLimits(writer, limits.ok ? limits.value.items : [])
}

function writeQuotas(writer: Writer, quotas: readonly ResourceQuota[]): void {
  if (quotas.length === 0) {
    writer.write(0, 'No resource quota.\n')
    return
  }
  writer.write(0, 'Resource Quotas\n')
  for (const quota of quotas) {
    writer.write(1, `Name:\t${quota.metadata.name}\n`)
    writer.write(1, 'Resource\tUsed\tHard\n')
    writer.write(1, '--------\t---\t---\n')
    for (const line of quotaLines(quota)) writer.write(1, line)
  }
}

function quotaLines({ status }: ResourceQuota): readonly string[] {
  const names = Object.keys(status?.hard ?? {}).sort(compareStrings)
  return names.map((name) => `${name}\t${textOf(status?.used?.[name])}\t${textOf(status?.hard?.[name])}\n`)
}

const textOf = (text: string | undefined): string => formatQuantity(quantity(text))

export function describeQuota(writer: Writer, quota: ResourceQuota): void {
  writeNames(writer, quota)
  const scopes = [...(quota.spec?.scopes ?? [])].sort(compareStrings)
  if (scopes.length > 0) writer.write(0, `Scopes:\t${scopes.join(', ')}\n`)
  for (const scope of scopes) if (SCOPES[scope] !== undefined) writer.write(0, ` * ${SCOPES[scope]}\n`)
  writer.write(0, 'Resource\tUsed\tHard\n--------\t----\t----\n')
  for (const line of quotaLines(quota)) writer.write(0, line)
}

const SCOPES: Readonly<Record<string, string>> = {
  Terminating:
    'Matches all pods that have an active deadline. These pods have a limited lifespan on a node before being actively terminated by the system.',
  NotTerminating:
    'Matches all pods that do not have an active deadline. These pods usually include long running pods whose container command is not expected to terminate.',
  BestEffort:
    'Matches all pods that do not have resource requirements set. These pods have a best effort quality of service.',
  NotBestEffort:
    'Matches all pods that have at least one resource requirement set. These pods have a burstable or guaranteed quality of service.',
}

const LIMIT_HEADS = ['Type', 'Resource', 'Min', 'Max', 'Default Request', 'Default Limit', 'Max Limit/Request Ratio']

function writeLimits(writer: Writer, ranges: readonly LimitRange[]): void {
  if (ranges.length === 0) {
    writer.write(0, 'No LimitRange resource.\n')
    return
  }
  writer.write(0, 'Resource Limits\n')
  writeLimitTable(writer, ' ', ranges)
}

export function describeLimitRange(writer: Writer, range: LimitRange): void {
  writeNames(writer, range)
  writeLimitTable(writer, '', [range])
}

function writeLimitTable(writer: Writer, prefix: string, ranges: readonly LimitRange[]): void {
  writer.write(0, `${prefix}${LIMIT_HEADS.join('\t')}\n`)
  writer.write(0, `${prefix}${LIMIT_HEADS.map((head) => '-'.repeat(head.length)).join('\t')}\n`)
  for (const item of ranges.flatMap((range) => range.spec?.limits ?? [])) {
    const lists = [item.min, item.max, item.defaultRequest, item.default, item.maxLimitRequestRatio]
    const names = [...new Set(lists.flatMap((list) => Object.keys(list ?? {})))].sort(compareStrings)
    for (const name of names) {
      const cells = lists.map((list) => (list?.[name] === undefined ? '-' : textOf(list[name])))
      writer.write(0, `${prefix}${item.type}\t${name}\t${cells.join('\t')}\n`)
    }
  }
}
