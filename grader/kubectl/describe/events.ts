/** The events at the end of a description. Upstream: describe.go (DescribeEvents), util/event (SortableEvents). */
import type { Event } from '../../api/core.ts'
import { formatAge, formatHumanDuration } from '../../api/human-duration.ts'
import { events as eventResource } from '../../api/resource-table.ts'
import { parseRfc3339 } from '../../api/timestamp.ts'
import type { Session } from '../command.ts'
import type { Writer } from './writer.ts'

export interface EventQuery {
  readonly namespace: string
  readonly kind: string
  readonly name: string
  /** Empty: events of any object of that name. */
  readonly uid: string
}

/** The events about an object. */
export function eventsAbout(session: Session, { namespace, kind, name, uid }: EventQuery): readonly Event[] {
  const fields = [
    `involvedObject.name=${name}`,
    `involvedObject.namespace=${namespace}`,
    `involvedObject.kind=${kind}`,
    ...(uid === '' ? [] : [`involvedObject.uid=${uid}`]),
  ]
  const listed = session.client.list(eventResource, { namespace, fieldSelector: fields.join(',') })
  return listed.ok ? listed.value.items : []
}

export function describeEvents(writer: Writer, events: readonly Event[], now: number): void {
  if (events.length === 0) {
    writer.write(0, 'Events:\t<none>\n')
    return
  }
  writer.write(0, 'Events:\n  Type\tReason\tAge\tFrom\tMessage\n')
  writer.write(1, '----\t------\t----\t----\t-------\n')
  const sorted = events
    .map((event, i) => ({ event, i, at: parseRfc3339(event.lastTimestamp) ?? Number.NEGATIVE_INFINITY }))
    .sort((a, b) => (a.at === b.at ? a.i - b.i : a.at - b.at))
  for (const { event } of sorted) {
    writer.write(
      1,
      `${event.type ?? ''}\t${event.reason ?? ''}\t${ageOf(event, now)}\t${sourceOf(event)}\t${(event.message ?? '').trim()}\n`,
    )
  }
}

/** `5s`, or `5s (x3 over 40s)`. */
export function ageOf(event: Event, now: number): string {
  const first = parseRfc3339(event.firstTimestamp) === undefined ? event.eventTime : event.firstTimestamp
  if (event.series?.count !== undefined && event.series.count > 1) {
    return `${formatAge(event.series.lastObservedTime, now)} (x${event.series.count} over ${formatAge(first, now)})`
  }
  if ((event.count ?? 0) > 1)
    return `${formatAge(event.lastTimestamp, now)} (x${event.count} over ${formatAge(first, now)})`
  const at = parseRfc3339(first)
  return at === undefined ? '<unknown>' : formatHumanDuration(now - at)
}

const sourceOf = (event: Event): string => event.source?.component || event.reportingComponent || ''
