/** Which command a line means. Upstream: github.com/spf13/cobra (Find, stripFlags, SuggestionsFor). */
import type { Command } from './command.ts'
import type { Flag } from './flags.ts'

export interface FoundCommand {
  readonly command: Command
  /** `kubectl rollout status`. */
  readonly path: string
  /** The words without those that named the command. */
  readonly rest: readonly string[]
}

/** Walks down the tree of commands; flags may stand between the names. */
export function findCommand(root: Command, globals: readonly Flag[], words: readonly string[]): FoundCommand {
  let found: FoundCommand = { command: root, path: root.name, rest: words }
  for (;;) {
    const table = [...(found.command.flags ?? []), ...globals]
    const at = firstWord(found.rest, table)
    const name = at < 0 ? undefined : found.rest[at]
    const next = found.command.commands?.find((c) => c.name === name || c.aliases?.includes(name ?? ''))
    if (name === undefined || next === undefined) return found
    const rest = [...found.rest.slice(0, at), ...found.rest.slice(at + 1)]
    found = { command: next, path: `${found.path} ${next.name}`, rest }
  }
}

/** Where the first word stands that is neither a flag nor a flag's value; -1 if there is none. */
function firstWord(words: readonly string[], table: readonly Flag[]): number {
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    if (word === '--') return -1
    const long = word.startsWith('--') && !word.includes('=')
    const short = word.startsWith('-') && !word.startsWith('--') && word.length === 2
    if (long || short) {
      const flag = long ? table.find((f) => f.name === word.slice(2)) : table.find((f) => f.short === word[1])
      // As upstream, a flag that nobody knows takes the next word along.
      if (flag?.noValue === undefined && word !== '-h' && word !== '--help') i++
    } else if (word !== '' && !word.startsWith('-')) return i
  }
  return -1
}

/** `\n\nDid you mean this?…`, or '' without anything similar. */
export function suggestionsFor(root: Command, typed: string): string {
  const similar = (root.commands ?? []).filter(
    (c) =>
      editDistance(typed.toLowerCase(), c.name.toLowerCase()) <= 2 ||
      c.name.toLowerCase().startsWith(typed.toLowerCase()) ||
      c.suggestFor?.some((word) => word.toLowerCase() === typed.toLowerCase()) === true,
  )
  if (similar.length === 0) return ''
  return `\n\nDid you mean this?\n${similar.map((c) => `\t${c.name}\n`).join('')}`
}

function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1))
    }
    row = next
  }
  return row[b.length]!
}
