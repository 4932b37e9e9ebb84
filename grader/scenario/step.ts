// The step language: one line, one step. docs/formats/cluster.md (part 2 of the formats).
import type { Machine } from '../cluster/cluster-config.ts'
import { decodeMachine } from './machine.ts'

/** One line of the step language, read. `line` is the text as written. */
export type Step = { readonly line: string } & (
  | { readonly type: 'kubectl' }
  | { readonly type: 'settle' }
  | { readonly type: 'at-submit' }
  | { readonly type: 'from-here' }
  | { readonly type: 'sleep'; readonly seconds: number }
  | { readonly type: 'join'; readonly machine: Machine }
  | { readonly type: 'machine'; readonly happens: MachineHappening; readonly node: string }
  | { readonly type: 'pressure' | 'relieve'; readonly node: string; readonly resource: 'memory' | 'disk' | 'pid' }
  | { readonly type: 'log-burst'; readonly node: string; readonly percent: number }
  | { readonly type: 'control-plane'; readonly up: boolean }
)

/** What can happen to one machine without more words. */
export type MachineHappening = (typeof HAPPENINGS)[number]

const HAPPENINGS = ['remove', 'stop-kubelet', 'start-kubelet', 'partition', 'heal', 'reboot', 'reclaim'] as const

/** Reads `{name: gpu-9, …}` of a join step; the scenario's reader passes its YAML reader in, since only one module reads YAML. */
export type ReadInline = (text: string) => unknown

/** A step, or what is wrong with the line: one sentence. Never throws. */
export function parseStep(line: string, readInline: ReadInline): Step | { readonly error: string } {
  const text = line.trim()
  const [word = '', ...rest] = text.split(/\s+/)
  const argument = text.slice(word.length).trim()
  const node = rest[0] ?? ''
  if (word === 'kubectl') return { type: 'kubectl', line: text }
  if ((word === 'settle' || word === 'at-submit' || word === 'from-here') && rest.length === 0)
    return { type: word, line: text }
  if (word === 'sleep') {
    const seconds = Number(node)
    return Number.isFinite(seconds) && seconds >= 0 && rest.length === 1
      ? { type: 'sleep', seconds, line: text }
      : wrong(text, 'sleep SECONDS')
  }
  if (word === 'join') {
    const machine = decodeMachine(readInline(argument))
    return 'error' in machine ? { error: `${text}: ${machine.error}` } : { type: 'join', machine, line: text }
  }
  const happens = HAPPENINGS.find((happening) => happening === word)
  if (happens !== undefined)
    return rest.length === 1 ? { type: 'machine', happens, node, line: text } : wrong(text, `${word} NODE`)
  if (word === 'pressure' || word === 'relieve') {
    const resource = rest[1]
    if (resource === 'memory' || resource === 'disk' || resource === 'pid')
      return { type: word, node, resource, line: text }
    return wrong(text, `${word} NODE memory|disk|pid`)
  }
  if (word === 'log-burst') {
    const percent = /^(\d+)%$/.exec(rest[1] ?? '')
    return percent === null
      ? wrong(text, 'log-burst NODE PERCENT%')
      : { type: 'log-burst', node, percent: Number(percent[1]), line: text }
  }
  if (word === 'control-plane' && (node === 'up' || node === 'down'))
    return { type: 'control-plane', up: node === 'up', line: text }
  return { error: `unknown step: ${text}` }
}

function wrong(line: string, usage: string): { readonly error: string } {
  return { error: `${line}: expected ${usage}` }
}
