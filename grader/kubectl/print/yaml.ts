/**
 * YAML as `kubectl get -o yaml` writes it. Upstream: sigs.k8s.io/yaml over its fork of go-yaml v2 (encode.go, sorter.go,
 * emitterc.go, resolve.go).
 */
import { scalarText } from './yaml-scalar.ts'

/** The value as a YAML document, with a newline at the end. */
export function formatYaml(value: unknown): string {
  if (isBlock(value)) return emitBlock(value, 0)
  return `${inline(value, 0, false)}\n`
}

type MapValue = Readonly<Record<string, unknown>>

const isMap = (value: unknown): value is MapValue =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const keysOf = (map: MapValue): string[] => Object.keys(map).filter((key) => map[key] !== undefined)
const isBlock = (value: unknown): value is readonly unknown[] | MapValue =>
  Array.isArray(value) ? value.length > 0 : isMap(value) && keysOf(value).length > 0

function emitBlock(value: readonly unknown[] | MapValue, indent: number): string {
  return Array.isArray(value) ? emitList(value as readonly unknown[], indent) : emitMap(value as MapValue, indent)
}

function emitMap(map: MapValue, indent: number): string {
  const pad = ' '.repeat(indent)
  return sortedKeysOf(map)
    .map((key) => pad + emitEntry(key, map[key], indent))
    .join('')
}

const sortedMemo = new Map<string, readonly string[]>()
const MEMO_LIMIT = 2000

/** Objects of one kind have the same few sets of keys; each set is sorted once. */
function sortedKeysOf(map: MapValue): readonly string[] {
  const keys = keysOf(map)
  const id = keys.join('\u0000')
  const known = sortedMemo.get(id)
  if (known !== undefined) return known
  if (sortedMemo.size >= MEMO_LIMIT) sortedMemo.clear()
  const sorted = keys.sort(compareKeys)
  sortedMemo.set(id, sorted)
  return sorted
}

function emitEntry(key: string, value: unknown, indent: number): string {
  // Upstream: a key longer than 128 bytes is no simple key.
  const simple = key.length <= 128 && !key.includes('\n')
  const name = scalarText(key, { column: indent, indent: indent + 2, isKey: simple })
  const head = simple
    ? `${name}:`
    : `? ${scalarText(key, { column: indent + 2, indent: indent + 2, isKey: false })}\n${' '.repeat(indent)}:`
  if (Array.isArray(value) && value.length > 0) return `${head}\n${emitList(value, indent)}`
  if (isBlock(value)) return `${head}\n${emitBlock(value, indent + 2)}`
  return `${head} ${inline(value, indent, false, head.length + 1)}\n`
}

function emitList(list: readonly unknown[], indent: number): string {
  const pad = ' '.repeat(indent)
  return list
    .map((item) => {
      if (!isBlock(item)) return `${pad}- ${inline(item, indent, false, 2)}\n`
      // The first line of the block stands behind the dash.
      return `${pad}- ${emitBlock(item, indent + 2).slice(indent + 2)}`
    })
    .join('')
}

function inline(value: unknown, indent: number, isKey: boolean, used = 0): string {
  if (typeof value === 'string') return scalarText(value, { column: indent + used, indent: indent + 2, isKey })
  if (value === null || value === undefined) return 'null'
  if (Array.isArray(value)) return '[]'
  if (typeof value === 'object') return '{}'
  return typeof value === 'number' ? formatNumber(value) : String(value)
}

function formatNumber(value: number): string {
  if (Number.isSafeInteger(value)) return String(value)
  // Go writes exponents with two digits at least.
  return String(value).replace(/e([+-])(\d)$/, 'e$10$2')
}

const isLetter = (c: string): boolean =>
  c <= '\u007f' ? (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') : /\p{L}/u.test(c)
const isDigit = (c: string): boolean => c >= '0' && c <= '9'

/** go-yaml's natural order: other characters before letters, runs of digits by their value. */
export function compareKeys(a: string, b: string): number {
  const n = Math.min(a.length, b.length)
  for (let i = 0; i < n; i++) {
    const x = a[i]!
    const y = b[i]!
    if (x === y) continue
    const xl = isLetter(x)
    const yl = isLetter(y)
    if (xl && yl) return x < y ? -1 : 1
    if (xl || yl) return yl ? -1 : 1
    return compareDigits([a, b], i)
  }
  return a.length - b.length
}

function compareDigits([a, b]: readonly [string, string], at: number): number {
  let an = 0
  let bn = 0
  if (a[at] === '0' || b[at] === '0') {
    for (let j = at - 1; j >= 0 && isDigit(a[j]!); j--) {
      if (a[j] !== '0') {
        an = 1
        bn = 1
        break
      }
    }
  }
  let ai = at
  let bi = at
  for (; ai < a.length && isDigit(a[ai]!); ai++) an = an * 10 + Number(a[ai])
  for (; bi < b.length && isDigit(b[bi]!); bi++) bn = bn * 10 + Number(b[bi])
  if (an !== bn) return an < bn ? -1 : 1
  if (ai !== bi) return ai < bi ? -1 : 1
  return a[at]! < b[at]! ? -1 : 1
}
