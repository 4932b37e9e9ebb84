// One short value for a whole trace: equal traces, equal hash. Entries are mixed into two 32-bit lanes as texts of their
// ids, moments, authors and objects; SHA-256 closes it. Prose and object bodies are left out: they follow from these.
import type { TraceEntry } from '../cluster/trace.ts'
import { sha256 } from './sha256.ts'

/** A digest of one story's entries; cheap, not cryptographic. */
export function digestTrace(entries: readonly TraceEntry[]): string {
  let a = 0x811c9dc5
  let b = 0x9e3779b9
  const mix = (text: string) => {
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i)
      a = Math.imul(a ^ code, 0x01000193)
      b = Math.imul(b + code, 0x85ebca6b) ^ (b >>> 13)
    }
  }
  for (const entry of entries) {
    const { id, at, by, type, causedBy, about } = entry
    for (const part of [
      String(id),
      String(at),
      by,
      type,
      String(causedBy ?? ''),
      about.kind,
      about.namespace ?? '',
      about.name,
    ]) {
      mix(part)
      mix('|')
    }
    mix(detailOf(entry))
  }
  return `${entries.length}:${(a >>> 0).toString(16)}${(b >>> 0).toString(16)}`
}

/** `sha256:…` over the digests of all stories of a grade, in order. */
export function hashDigests(digests: readonly string[]): string {
  return `sha256:${sha256(digests.join('\n'))}`
}

function detailOf(entry: TraceEntry): string {
  switch (entry.type) {
    case 'write':
      return `${entry.verb}@${entry.resourceVersion}`
    case 'eligibility':
      return `${entry.nodes.join()}:${entry.shouldRun}:${entry.shouldContinueRunning}:${codes(entry.because)}`
    case 'decision':
      return `${entry.decision}:${entry.node ?? ''}:${codes(entry.because)}`
    case 'unschedulable':
      return entry.message
    case 'kubelet':
      return `${entry.node}:${entry.happened}:${codes(entry.because)}`
    case 'refused':
      return `${entry.verb}:${codes(entry.because)}`
    default:
      return entry.step
  }
}

const codes = (because: readonly { readonly code: string }[]): string => because.map((reason) => reason.code).join()
