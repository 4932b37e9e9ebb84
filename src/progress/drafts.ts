import type { SubmittedFile } from '../worker/protocol.ts'
import { isObject, type Read, readRecord, removeRecord, type Saved, writeRecord } from './storage.ts'

/** What a learner has typed for one lab, and which tab saved it when. */
export interface Draft {
  readonly files: readonly SubmittedFile[]
  readonly savedAt: number
  readonly tab: string
}

/** Browsers keep about five million characters in all; one draft may not take them from the others. */
const LARGEST_DRAFT = 600_000

const kind = { version: 1, decode: decodeDraft }

export function draftKey(lab: string): string {
  return `nodewise/draft/${lab}`
}

export function readDraft(lab: string): Read<Draft> {
  return readRecord(draftKey(lab), kind)
}

export function saveDraft(lab: string, draft: Draft): Saved {
  const size = draft.files.reduce((sum, file) => sum + file.text.length, 0)
  if (size > LARGEST_DRAFT) return { ok: false, why: 'tooLarge' }
  return writeRecord(draftKey(lab), kind, draft)
}

export function removeDraft(lab: string): void {
  removeRecord(draftKey(lab))
}

function decodeDraft(data: unknown): Draft | undefined {
  if (!isObject(data) || !Array.isArray(data.files)) return undefined
  const files = data.files.filter(isFile)
  if (files.length === 0 || files.length !== data.files.length) return undefined
  return {
    files,
    savedAt: typeof data.savedAt === 'number' ? data.savedAt : 0,
    tab: typeof data.tab === 'string' ? data.tab : '',
  }
}

function isFile(value: unknown): value is SubmittedFile {
  return isObject(value) && typeof value.name === 'string' && typeof value.text === 'string'
}
