// The only place that touches the browser's storage. Records carry their version; whatever goes wrong is an answer.

export type Saved = { readonly ok: true } | { readonly ok: false; readonly why: 'blocked' | 'full' | 'tooLarge' }

export type Read<T> =
  | { readonly type: 'found'; readonly value: T }
  | { readonly type: 'none' }
  | { readonly type: 'blocked' }
  /** Something was there and could not be read. It was moved aside, so that a later version may rescue it. */
  | { readonly type: 'corrupt' }

interface RecordKind<T> {
  readonly version: number
  /** Checks what was stored, which anybody may have changed. */
  readonly decode: (data: unknown) => T | undefined
}

/** Reads one record. Never throws. */
export function readRecord<T>(key: string, kind: RecordKind<T>): Read<T> {
  let text: string | null
  try {
    text = localStorage.getItem(key)
  } catch {
    return { type: 'blocked' }
  }
  if (text === null) return { type: 'none' }
  const value = decodeRecord(text, kind)
  if (value !== undefined) return { type: 'found', value }
  setAside(key, text)
  return { type: 'corrupt' }
}

/** Writes one record. Never throws. */
export function writeRecord<T>(key: string, kind: RecordKind<T>, data: T): Saved {
  try {
    localStorage.setItem(key, JSON.stringify({ version: kind.version, data }))
    return { ok: true }
  } catch (error) {
    const isFull =
      error instanceof DOMException &&
      (error.name === 'QuotaExceededError' || error.name === 'NS_ERROR_DOM_QUOTA_REACHED')
    return { ok: false, why: isFull ? 'full' : 'blocked' }
  }
}

export function removeRecord(key: string): void {
  try {
    localStorage.removeItem(key)
  } catch {
    // Blocked storage holds nothing that could be removed.
  }
}

function decodeRecord<T>(text: string, kind: RecordKind<T>): T | undefined {
  try {
    const record: unknown = JSON.parse(text)
    if (!isObject(record) || record.version !== kind.version) return undefined
    return kind.decode(record.data)
  } catch {
    return undefined
  }
}

function setAside(key: string, text: string): void {
  try {
    localStorage.removeItem(key)
    localStorage.setItem(`${key}.unreadable`, text.slice(0, 100_000))
  } catch {
    // No room for the unreadable one: it is given up.
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
