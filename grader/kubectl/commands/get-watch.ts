/** kubectl get --watch. Upstream: k8s.io/kubectl/pkg/cmd/get/get.go (watch). */
import type { WatchEvent } from '../../api/api-client.ts'
import type { KubeObject } from '../../api/meta.ts'
import type { Resource } from '../../api/resource-table.ts'
import type { Invocation, Session } from '../command.ts'
import { fail } from '../failure.ts'
import { printObjects, splitFormat } from '../print/objects.ts'
import { tableLines } from '../print/table.ts'
import { jsonOf, listOptions, select } from '../selection.ts'
import { tableOptions } from './get-table.ts'

type Selection = Parameters<typeof select>[1]

/** Prints the objects, then every change of them, for as long as the session is patient. */
export function watchTable(session: Session, invocation: Invocation, selection: Selection): void {
  const { flags } = invocation
  const selected = select(session, selection)
  const resources = [...new Set([...selected.resources, ...selected.targets.map((t) => t.resource)])]
  if (resources.length > 1) fail('you may only specify a single resource type')
  const [resource] = resources
  if (resource === undefined) return
  const print = rowPrinter(session, invocation, resource)
  if (!flags.bool('watch-only'))
    for (const target of selected.targets) print('ADDED', target.object as unknown as KubeObject)
  const names = new Set(selected.resources.length > 0 ? [] : selected.targets.map((t) => t.name))
  const onEvent = (event: WatchEvent<KubeObject>) => {
    if (event.type === 'BOOKMARK' || event.type === 'ERROR') return
    if (names.size === 0 || names.has(event.object.metadata.name)) print(event.type, event.object)
  }
  const stop = session.expect(session.client.watch(resource, listOptions(session, selection, resource), onEvent))
  session.waiter.waitUntil(() => false, session.patienceSeconds)
  stop()
}

/** Prints one row at a time in columns that only ever grow, as kubectl's remembered widths do. */
function rowPrinter(
  session: Session,
  invocation: Invocation,
  resource: Resource,
): (type: string, object: KubeObject) => void {
  const { flags } = invocation
  const { format } = splitFormat(flags.string('output'))
  const widths: number[] = []
  let first = !flags.bool('no-headers')
  return (type, object) => {
    if (format !== '' && format !== 'wide') {
      printObjects(session, invocation, [{ resource, object: jsonOf(object) }], { single: true })
      return
    }
    const options = {
      ...tableOptions(session, invocation, { withKind: flags.bool('show-kind'), resource }),
      noHeaders: !first,
    }
    const lines = tableLines(resource, [object], options).map((line, i) => {
      const cells = line.split('\t')
      return flags.bool('output-watch-events') ? [first && i === 0 ? 'EVENT' : type, ...cells] : cells
    })
    first = false
    for (const cells of lines) {
      for (const [i, cell] of cells.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length + 3, 6)
    }
    session.out(
      lines
        .map(
          (cells) => `${cells.map((cell, i) => (i === cells.length - 1 ? cell : cell.padEnd(widths[i]!))).join('')}\n`,
        )
        .join(''),
    )
  }
}
