/** The one place where kubectl reads YAML or JSON text. */
import { parseAllDocuments } from 'yaml'
import type { Json } from '../api/meta.ts'

export interface Documents {
  readonly documents: readonly Json[]
  /** Why reading stopped: what follows `error parsing f: `. */
  readonly error?: string
}

export function parseDocuments(text: string): Documents {
  const documents: Json[] = []
  for (const document of parseAllDocuments(text, { version: '1.1', uniqueKeys: false, merge: true })) {
    if (!('errors' in document)) continue
    if (document.errors.length > 0) return { documents, error: `error converting YAML to JSON: yaml: ${document.errors[0]!.message}` }
    const value = document.toJS() as Json
    if (value !== null) documents.push(value)
  }
  return { documents }
}
