/**
 * The prose of the API's fields. Only `kubectl explain`, the editor's hover text and /openapi/v3 import this file: the
 * text is large.
 */
import { DESCRIPTIONS_JSON } from './generated/descriptions.ts'
import { MORE_DESCRIPTIONS } from './more-kinds.ts'

/** The text of a definition, and of each of its fields. */
export type Description = readonly [own: string, fields: Readonly<Record<string, string>>]

let texts: Readonly<Record<string, Description>> | undefined
let madeFrom = ''

/** The site's worker loads the prose later than the rest (scripts/late-descriptions.mjs), so it may change once. */
function all(): Readonly<Record<string, Description>> {
  if (texts === undefined || madeFrom !== DESCRIPTIONS_JSON) {
    texts = { ...(JSON.parse(DESCRIPTIONS_JSON) as Record<string, Description>), ...MORE_DESCRIPTIONS }
    madeFrom = DESCRIPTIONS_JSON
  }
  return texts
}

/** What the definition of that full name is; empty if nobody says. */
export function describeDefinition(name: string): string {
  return all()[name]?.[0] ?? ''
}

/** What the field of that definition is; empty if nobody says. */
export function describeField(definition: string, field: string): string {
  const fields = all()[definition]?.[1] ?? {}
  return Object.hasOwn(fields, field) ? (fields[field] ?? '') : ''
}
