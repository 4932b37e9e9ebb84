/** kubectl events. Upstream: k8s.io/kubectl/pkg/cmd/events/{events,event_printer}.go. */
import type { Event } from '../../api/core.ts'
import { events as eventResource } from '../../api/resource-table.ts'
import { parseRfc3339 } from '../../api/timestamp.ts'
import type { Command, Invocation, Session } from '../command.ts'
import { ageOf } from '../describe/events.ts'
import { fail } from '../failure.ts'
import { flag } from '../flags.ts'
import { OUTPUT } from '../output.ts'
import { printObjects } from '../print/objects.ts'
import { formatLines } from '../print/table.ts'
import { resourceFor } from '../resource-argument.ts'
import { jsonOf } from '../selection.ts'

export const eventsCommand: Command = {
  name: 'events',
  summary: 'List events',
  usage: '[(-o|--output=)json|yaml|name] [--for TYPE/NAME] [--watch] [--types=Normal,Warning]',
  flags: [
    flag('all-namespaces', 'bool', 'If present, list the requested object(s) across all namespaces.', { short: 'A' }),
    flag('chunk-size', 'int64', 'Return large lists in chunks rather than all at once.', { default: '500' }),
    flag('for', 'string', 'Filter events to only those pertaining to the specified resource.'),
    flag('no-headers', 'bool', "When using the default output format, don't print headers."),
    ...OUTPUT,
    flag('types', 'list', 'Output only events of given types.'),
    flag('watch', 'bool', 'After listing the requested events, watch for more events.', { short: 'w' }),
  ],
  missing: ['--watch prints what is there and ends.'],
  run: runEvents,
}

function runEvents(session: Session, invocation: Invocation): void {
  const { flags } = invocation
  const all = flags.bool('all-namespaces')
  const listed = session.expect(session.client.list(eventResource, all ? {} : { namespace: session.namespace })).items
  const types = flags.list('types').map((type) => type.toLowerCase())
  for (const type of types) if (type !== 'normal' && type !== 'warning') fail(`valid --types are Normal or Warning`)
  const about = wantedObject(flags.string('for'))
  const shown = listed
    .filter((event) => types.length === 0 || types.includes((event.type ?? '').toLowerCase()))
    .filter(
      (event) =>
        about === undefined || (event.involvedObject.kind === about.kind && event.involvedObject.name === about.name),
    )
  const sorted = [...shown].sort((a, b) => timeOf(a) - timeOf(b))
  if (flags.string('output') !== '') {
    printObjects(
      session,
      invocation,
      sorted.map((event) => ({ resource: eventResource, object: jsonOf(event) })),
      { single: false },
    )
    return
  }
  if (sorted.length === 0) {
    session.err(all ? 'No events found.\n' : `No events found in ${session.namespace} namespace.\n`)
    return
  }
  const head = flags.bool('no-headers') ? [] : [`${all ? 'NAMESPACE\t' : ''}LAST SEEN\tTYPE\tREASON\tOBJECT\tMESSAGE`]
  session.out(formatLines([...head, ...sorted.map((event) => lineOf(event, all, session.now()))]))
}

function wantedObject(text: string): { readonly kind: string; readonly name: string } | undefined {
  if (text === '') return undefined
  const [type = '', name = '', ...more] = text.split('/')
  if (name === '' || more.length > 0) fail('--for must be in resource/name form')
  return { kind: resourceFor(type).kind, name }
}

const timeOf = (event: Event): number =>
  parseRfc3339(event.series?.lastObservedTime) ??
  parseRfc3339(event.lastTimestamp) ??
  parseRfc3339(event.eventTime) ??
  0

function lineOf(event: Event, all: boolean, now: number): string {
  const { kind = '', name = '' } = event.involvedObject
  const cells = [
    ageOf(event, now),
    event.type ?? '',
    event.reason ?? '',
    `${kind}/${name}`,
    (event.message ?? '').trim(),
  ]
  return [...(all ? [event.metadata.namespace ?? ''] : []), ...cells].join('\t')
}
