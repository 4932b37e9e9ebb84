/**
 * What kubectl makes of a file's text: the objects it would send, in order, or its error. Upstream:
 * k8s.io/apimachinery/pkg/util/yaml (YAMLOrJSONDecoder), sigs.k8s.io/yaml, k8s.io/cli-runtime/pkg/resource/visitor.go.
 */

import { parseJson } from '../api/json.ts'
import type { Json } from '../api/meta.ts'
import { ConversionFailure, toJson } from './goyaml/convert.ts'
import type { YamlNode } from './goyaml/parser.ts'
import { parseDocument } from './goyaml/parser.ts'
import { YamlFailure } from './goyaml/token.ts'

/** A document's text and its place in the file. */
export interface DocumentPart {
  /** The text as the YAML reader gets it: every line ends in `\n`. */
  readonly text: string
  /** Where it begins in the file. */
  readonly offset: number
  /** Offsets in `text` before which the file has a carriage return more. */
  readonly returns: readonly number[]
}

/** One document of the text: where it begins, its tree (YAML only) and its value. */
export interface KubectlDocument {
  readonly part: DocumentPart
  readonly root?: YamlNode
  readonly value?: Json
  /** Why it has no value: `error converting YAML to JSON: yaml: line 3: …`. */
  readonly error?: string
  /** Where in the file the fault stands, if that is known. */
  readonly errorOffset?: number
}

const isSpace = (line: string): boolean => line.trim() === ''

/** Splits at lines that hold `---` alone (or with a comment); a first such line belongs to the document after it. */
export function splitDocuments(text: string): readonly DocumentPart[] {
  const out: DocumentPart[] = []
  let begin = 0
  const finish = (to: number): void => {
    if (to > begin) out.push(normalised(text.slice(begin, to), begin))
  }
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf('\n', at)
    const next = newline < 0 ? text.length : newline + 1
    if (at > begin && text.startsWith('---', at)) {
      const rest = text.slice(at + 3, next).trim()
      if (rest === '' || rest.startsWith('#')) {
        finish(at)
        begin = next
      }
    }
    at = next
  }
  finish(text.length)
  return out
}

/** Lines end in `\n`, the last one too: so Go's line reader hands them on. */
function normalised(text: string, offset: number): DocumentPart {
  const returns: number[] = []
  let clean = text
  if (text.includes('\r\n')) {
    const lines = text.split('\r\n')
    let at = 0
    for (const line of lines.slice(0, -1)) {
      at += line.length
      returns.push(at)
      at++
    }
    clean = lines.join('\n')
  }
  return { text: clean.endsWith('\n') ? clean : `${clean}\n`, offset, returns }
}

/** The place in the file of an offset in the document's text. */
export function fileOffset(part: DocumentPart, offset: number): number {
  let low = 0
  let high = part.returns.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (part.returns[middle]! < offset) low = middle + 1
    else high = middle
  }
  return part.offset + offset + low
}

/** Reads one document. Never throws. */
export function readDocument(part: DocumentPart): KubectlDocument {
  try {
    const root = parseDocument(part.text)
    return root === undefined ? { part, value: null } : { part, ...converted(root, part) }
  } catch (error) {
    if (!(error instanceof YamlFailure)) throw error
    return { part, ...failed(error, part) }
  }
}

function failed(error: YamlFailure, part: DocumentPart): { readonly error: string; readonly errorOffset?: number } {
  const text = `error converting YAML to JSON: yaml: ${error.message}`
  return error.at === undefined ? { error: text } : { error: text, errorOffset: fileOffset(part, error.at.offset) }
}

type Conversion = Pick<KubectlDocument, 'root' | 'value' | 'error' | 'errorOffset'>

function converted(root: YamlNode, part: DocumentPart): Conversion {
  try {
    return { root, value: toJson(root) }
  } catch (error) {
    if (error instanceof ConversionFailure) return { root, error: `error converting YAML to JSON: ${error.message}` }
    if (error instanceof YamlFailure) return { root, ...failed(error, part) }
    throw error
  }
}

export interface KubectlFile {
  /** The documents before the first error: kubectl has sent these already when it stops. Nulls are left out. */
  readonly objects: readonly Json[]
  /** `error parsing ds.yaml: …`: what kubectl prints after `error: `, undefined if all could be read. */
  readonly error?: string
}

/** What kubectl reads from a file. `source` is the name it was called with, `STDIN` for `-`. Never throws. */
export function readAsKubectl(text: string, source: string): KubectlFile {
  const { values, error } = isSpace(text) ? { values: [], error: undefined } : knownValues(text)
  const objects = values.filter((value) => value !== null)
  return error === undefined ? { objects } : { objects, error: `error parsing ${source}: ${error}` }
}

interface Values {
  readonly values: readonly Json[]
  readonly error: string | undefined
}

const MAX_KNOWN_TEXTS = 32
/**
 * The texts that were read last. A lab applies one text in each of its stories: read once, its objects are the same ones,
 * and whatever is remembered by identity further on is found again.
 */
const knownTexts = new Map<string, Values>()

function knownValues(text: string): Values {
  const known = knownTexts.get(text)
  if (known !== undefined) return known
  const values = readValues(text)
  if (knownTexts.size >= MAX_KNOWN_TEXTS) knownTexts.delete(knownTexts.keys().next().value!)
  knownTexts.set(text, values)
  return values
}

function readValues(text: string): Values {
  if (!/^\s*\{/.test(text)) return readYaml(text)
  // A file that begins with a brace is JSON first; what is no JSON may still be YAML in flow style.
  const values: Json[] = []
  let at = 0
  for (;;) {
    const parsed = parseJson(text, at)
    if (parsed.type === 'end') return { values, error: undefined }
    if (parsed.type === 'value') {
      values.push(parsed.value)
      at = parsed.end
      continue
    }
    const rest = readYaml(text.slice(at).replace(/^[^\S\n]*\n/, ''))
    if (rest.values.length === 0 && rest.error !== undefined) {
      return { values, error: `json: offset ${parsed.offset - at}: ${parsed.error}` }
    }
    return { values: [...values, ...rest.values], error: rest.error }
  }
}

function readYaml(text: string): Values {
  const values: Json[] = []
  for (const part of splitDocuments(text)) {
    const document = readDocument(part)
    if (document.error !== undefined) return { values, error: document.error }
    values.push(document.value ?? null)
  }
  return { values, error: undefined }
}
