import type { NodeVerdict } from '../../worker/protocol.ts'
import type { LineNote } from '../editor/editor-contract.ts'

const NAMES_SHOWN = 3

/** Behind each line that decides something: the Nodes whose first reason stands there. */
export function lineNotes(verdicts: readonly NodeVerdict[], file: string): readonly LineNote[] {
  const names = new Map<number, string[]>()
  for (const node of verdicts) {
    const first = node.because[0]
    if (first?.line === undefined || first.file !== file) continue
    names.set(first.line, [...(names.get(first.line) ?? []), node.name])
  }
  return [...names].map(([line, list]) => ({ line, text: shortened(list) }))
}

function shortened(names: readonly string[]): string {
  const shown = names.slice(0, NAMES_SHOWN).join(' ')
  return names.length > NAMES_SHOWN ? `${shown} +${names.length - NAMES_SHOWN}` : shown
}
