/** YAML of our own files (labs, scenarios) as a plain value: read exactly as manifests are. */
import type { Json } from '../api/meta.ts'
import { readDocument, splitDocuments } from './kubectl-documents.ts'

export interface YamlValue {
  readonly value?: Json
  /** `yaml: line 3: …`; then there is no value. */
  readonly error?: string
}

/** The first document of the text. Never throws. */
export function parseYaml(text: string): YamlValue {
  const part = splitDocuments(text)[0]
  if (part === undefined) return { value: null }
  const { value, error } = readDocument(part)
  return error === undefined
    ? { value: value ?? null }
    : { error: error.replace('error converting YAML to JSON: ', '') }
}
