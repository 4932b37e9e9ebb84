/**
 * What an unquoted scalar means: YAML 1.1 booleans, octal numbers with a leading 0, `1_000`, no sexagesimal numbers.
 * Upstream: resolve.go of go.yaml.in/yaml/v2.
 */
import type { ScalarNode } from './parser.ts'
import { YamlFailure } from './token.ts'

export type ScalarType = 'str' | 'bool' | 'int' | 'float' | 'null' | 'timestamp' | 'binary'

export interface Scalar {
  readonly type: ScalarType
  readonly value: string | number | boolean | null
}

const LONG = 'tag:yaml.org,2002:'
const WORDS = new Map<string, Scalar>()
const addWords = (scalar: Scalar, words: string): void => {
  for (const word of words.split(' ')) WORDS.set(word, scalar)
}
addWords({ type: 'bool', value: true }, 'y Y yes Yes YES true True TRUE on On ON')
addWords({ type: 'bool', value: false }, 'n N no No NO false False FALSE off Off OFF')
addWords({ type: 'null', value: null }, '~ null Null NULL')
WORDS.set('', { type: 'null', value: null })
addWords({ type: 'float', value: Number.NaN }, '.nan .NaN .NAN')
addWords({ type: 'float', value: Number.POSITIVE_INFINITY }, '.inf .Inf .INF +.inf +.Inf +.INF')
addWords({ type: 'float', value: Number.NEGATIVE_INFINITY }, '-.inf -.Inf -.INF')

const STARTS = /^[-+0-9yYnNtTfFoO~.]/
const FLOAT = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/
const TIMESTAMP =
  /^\d{4}-(?:0?[1-9]|1[0-2])-(?:0?[1-9]|[12]\d|3[01])(?:[Tt](?:[01]?\d|2[0-3]):[0-5]?\d:[0-5]?\d(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})| (?:[01]?\d|2[0-3]):[0-5]?\d:[0-5]?\d(?:\.\d{1,9})?)?$/

const RESOLVABLE: ReadonlySet<string> = new Set(['', 'str', 'bool', 'int', 'float', 'null', 'timestamp'])

/** What the scalar is. Throws YamlFailure if its tag says otherwise. */
export function resolveScalar(node: ScalarNode): Scalar {
  const plain = node.style === 'plain' || node.tag === '!'
  if (node.tag === '' && !plain) return { type: 'str', value: node.value }
  const tag = node.tag.startsWith(LONG) ? node.tag.slice(LONG.length) : node.tag
  if (tag === 'binary') return { type: 'binary', value: decodeBase64(node.value) }
  if (!RESOLVABLE.has(tag) || (tag !== '' && !node.tag.startsWith(LONG))) return { type: 'str', value: node.value }
  if (tag === 'str') return { type: 'str', value: node.value }
  const found = resolvePlain(node.value, tag)
  if (tag === '' || tag === found.type) return found
  if (tag === 'float' && found.type === 'int') return { type: 'float', value: found.value }
  throw new YamlFailure(`cannot decode !!${found.type} \`${node.value}\` as a !!${tag}`, node.start)
}

function resolvePlain(text: string, tag: string): Scalar {
  if (text !== '' && !STARTS.test(text)) return { type: 'str', value: text }
  const word = WORDS.get(text)
  if (word !== undefined) return word
  const first = text[0]!
  if (first === '.') return FLOAT.test(text) ? { type: 'float', value: Number(text) } : { type: 'str', value: text }
  if (!/[-+0-9]/.test(first)) return { type: 'str', value: text }
  if ((tag === '' || tag === 'timestamp') && TIMESTAMP.test(text)) return { type: 'timestamp', value: text }
  return resolveNumber(text) ?? { type: 'str', value: text }
}

function resolveNumber(text: string): Scalar | undefined {
  const plain = text.replaceAll('_', '')
  const integer = parseInteger(plain)
  if (integer !== undefined) return { type: 'int', value: integer }
  if (!FLOAT.test(plain)) return undefined
  const float = Number(plain)
  return Number.isFinite(float) ? { type: 'float', value: float } : undefined
}

/** An int64 or uint64 as strconv.ParseInt reads it with base 0. Beyond 2^53 the number is the nearest double. */
function parseInteger(text: string): number | undefined {
  const match = /^([-+]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)$/.exec(text)
  if (match === null) return undefined
  const digits = match[2]!
  const value = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits.toLowerCase())
  const signed = match[1] === '-' ? -value : value
  // An unsigned number takes no sign.
  const most = match[1] === '' ? 18446744073709551615n : 9223372036854775807n
  if (signed > most || signed < -9223372036854775808n) return undefined
  return Number(signed)
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

function decodeBase64(text: string): string {
  const clean = text.replace(/[\r\n]/g, '')
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(clean)) {
    throw new YamlFailure('!!binary value contains invalid base64 data')
  }
  const bytes: number[] = []
  let bits = 0
  let buffer = 0
  for (const c of clean.replaceAll('=', '')) {
    buffer = ((buffer << 6) | ALPHABET.indexOf(c)) & 0xffff
    bits += 6
    if (bits < 8) continue
    bits -= 8
    bytes.push((buffer >> bits) & 0xff)
  }
  return new TextDecoder().decode(new Uint8Array(bytes))
}
