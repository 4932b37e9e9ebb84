// Values as YAML, the way people write manifests: block style, two blanks a level, quotes only where they are needed.
import type { Json, JsonObject } from '../api/meta.ts'

const PLAIN = /^[A-Za-z_./][\w./@:-]*[\w./@-]$|^[A-Za-z]$/
const LOOKS_LIKE_SOMETHING = /^(true|false|yes|no|on|off|y|n|null|~|[-+]?[\d.].*|0x.*)$/i

/** One value on one line. */
export function renderScalar(value: Json): string {
  if (typeof value !== 'string') return JSON.stringify(value)
  if (/^\d[\w.]*[A-Za-z%]$/.test(value) && !/^\d+e\d+$/i.test(value)) return value
  return PLAIN.test(value) && !LOOKS_LIKE_SOMETHING.test(value) && !value.includes(': ') ? value : JSON.stringify(value)
}

/** `{ key: value }`, `[a, b]`. */
export function renderFlow(value: Json): string {
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(renderFlow).join(', ')}]`
  if (typeof value !== 'object' || value === null) return renderScalar(value)
  const entries = Object.entries(value).map(([key, item]) => `${renderScalar(key)}: ${renderFlow(item as Json)}`)
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`
}

export interface BlockStyle {
  readonly indent: number
  /** Items of a list stand deeper than its key. */
  readonly deepLists?: boolean
}

/** Lines of a map or list, each with its indentation. */
export function renderBlock(value: Json, style: BlockStyle): string[] {
  const { indent, deepLists = false } = style
  const blanks = ' '.repeat(indent)
  if (Array.isArray(value)) {
    return (value as readonly Json[]).flatMap((item) => {
      if (isEmptyOrScalar(item)) return [`${blanks}- ${renderFlow(item)}`]
      const [first = '', ...rest] = renderBlock(item, { ...style, indent: indent + 2 })
      return [`${blanks}- ${first.trimStart()}`, ...rest]
    })
  }
  return Object.entries(value as JsonObject).flatMap(([key, item]) => {
    const name = `${blanks}${renderScalar(key)}:`
    if (isEmptyOrScalar(item as Json)) return [`${name} ${renderFlow(item as Json)}`]
    return [
      name,
      ...renderBlock(item as Json, { ...style, indent: Array.isArray(item) && !deepLists ? indent : indent + 2 }),
    ]
  })
}

function isEmptyOrScalar(value: Json): boolean {
  if (typeof value !== 'object' || value === null) return true
  return Object.keys(value).length === 0
}
