// Each code has a story that produces it.
import { describe, expect, it } from 'vitest'
import type { TraceEntry } from '../../grader/cluster/trace.ts'
import { MESSAGE_CODES } from '../../grader/explain/messages.ts'
import { REFUSAL_CASES } from './refusal-cases.ts'
import { type Case, type Played, play } from './scenarios.ts'
import { TRACE_CASES } from './trace-cases.ts'
import { VERDICT_CASES } from './verdict-cases.ts'

/** Why no small story reaches these. */
const OUT_OF_REACH: Readonly<Record<string, string>> = {
  TooManyEndedPods: 'takes 12,500 ended Pods',
  SucceededDaemonPod: 'a daemon Pod always restarts, so none succeeds unless its status is written by hand',
  NodeNotReady: 'a machine of the simulation falls silent instead of reporting that it is not ready',
  NamespaceMissing: 'kubectl is refused before a controller could be: explain-refusal says it',
  NoDaemonSet: 'a row of its own: see below',
  NotYetCreated: 'lasts from a change of a Node to the next round of the controller',
  PodFailed: 'a kubelet always records why it ends a Pod; this is for Pods of a dump',
}

const codesIn = (entry: TraceEntry): readonly string[] => {
  if (entry.type === 'unschedulable') return entry.filters.flatMap(({ because }) => because.map(({ code }) => code))
  return 'because' in entry ? entry.because.map(({ code }) => code) : []
}
const codesOf = ({ story, rows }: Played): readonly string[] => [
  ...rows.flatMap(({ because }) => because.map(({ code }) => code)),
  ...story.cluster.trace.entries().flatMap(codesIn),
]
const asCase = (one: Omit<Case, 'node' | 'verdict' | 'codes'>): Case => ({
  node: '',
  verdict: 'Running',
  codes: [],
  ...one,
})

describe('each code', () => {
  it.each(TRACE_CASES.map((one) => [one.code, one.says, one] as const))('%s: %s', (code, _, one) => {
    expect(codesOf(play(asCase(one)))).toContain(code)
  })

  it('is produced by some story', () => {
    const produced = new Set(
      [...VERDICT_CASES, ...REFUSAL_CASES, ...TRACE_CASES.map(asCase)].flatMap((one) => codesOf(play(one))),
    )
    expect(MESSAGE_CODES.filter((code) => !produced.has(code) && OUT_OF_REACH[code] === undefined)).toEqual([])
  })

  it('NoDaemonSet: a Deployment puts a daemon Pod nowhere, and each node keeps its row', () => {
    const { rows } = play(asCase({ says: '', nodes: '[{ name: w-1 }, { name: w-2 }]', steps: ['settle'] }))
    expect(rows.map(({ name, verdict }) => [name, verdict])).toEqual([
      ['w-1', 'Refused'],
      ['w-2', 'Refused'],
    ])
    expect(rows[0]?.because[0]?.code).toBe('NoDaemonSet')
  })
})
