import { readRecord, writeRecord } from './storage.ts'

/** How wide the bench's panes are, in percent of the window. */
export interface BenchLayout {
  readonly task: number
  readonly cluster: number
}

export const DEFAULT_LAYOUT: BenchLayout = { task: 25, cluster: 36 }

const KEY = 'nodewise/bench-layout'
const kind = { version: 1, decode: decodeLayout }

export function readLayout(): BenchLayout {
  const read = readRecord(KEY, kind)
  return read.type === 'found' ? read.value : DEFAULT_LAYOUT
}

export function saveLayout(layout: BenchLayout): void {
  writeRecord(KEY, kind, layout)
}

/** Keeps every pane wide enough to be used. */
export function withinLimits(layout: BenchLayout): BenchLayout {
  return { task: clamp(layout.task, 18, 36), cluster: clamp(layout.cluster, 24, 50) }
}

function decodeLayout(data: unknown): BenchLayout | undefined {
  if (typeof data !== 'object' || data === null) return undefined
  const { task, cluster } = data as Partial<Record<keyof BenchLayout, unknown>>
  if (typeof task !== 'number' || typeof cluster !== 'number') return undefined
  return withinLimits({ task, cluster })
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, Number.isFinite(value) ? value : least))
}
