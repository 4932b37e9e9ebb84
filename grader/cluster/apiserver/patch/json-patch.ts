// JSON patch, RFC 6902, with the texts of gopkg.in/evanphx/json-patch v4 (which the API server hides behind
// `the server rejected our request due to an error in our request`, except when the patch itself cannot be read).
import { deepEqual } from '../../../api/compare.ts'
import type { Json, JsonObject } from '../../../api/meta.ts'
import { isObject, own, setKey } from './merge-patch.ts'

export type JsonPatchResult =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly error: string }

/** As many operations the API server accepts in one patch. */
export const MAX_JSON_PATCH_OPERATIONS = 10_000

class PatchError extends Error {}

/** `/spec/a~1b/0` → ['spec', 'a/b', '0']. The empty pointer is the whole document. */
function parsePointer(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
}

const missingPath = (operation: string, pointer: string): PatchError =>
  new PatchError(`${operation} operation does not apply: doc is missing path: "${pointer}": missing value`)

/** A position in a list: `-` is the end for `add`; negative ones count from the end. */
function listIndex(token: string, length: number, adding: boolean): number {
  if (token === '-' && adding) return length
  if (!/^-?\d{1,9}$/.test(token)) throw new PatchError(`strconv.Atoi: parsing ${JSON.stringify(token)}: invalid syntax`)
  const index = Number(token)
  const limit = adding ? length : length - 1
  const position = index < 0 ? index + (adding ? length + 1 : length) : index
  if (position < 0 || position > limit)
    throw new PatchError(`Unable to access invalid index: ${index}: invalid index referenced`)
  return position
}

type Change = (parent: Json, token: string) => Json

/** A copy of the document in which the container of the pointer's last step was changed. */
function changeAt(document: Json, tokens: readonly string[], change: Change, missing: () => PatchError): Json {
  const [token, ...rest] = tokens
  if (token === undefined) throw missing()
  if (rest.length === 0) {
    if (!isObject(document) && !Array.isArray(document)) throw missing()
    return change(document, token)
  }
  const child = childOf(document, token)
  if (child === undefined || child === null) throw missing()
  const changed = changeAt(child, rest, change, missing)
  return replaceChild(document, token, changed)
}

function childOf(parent: Json, token: string): Json | undefined {
  if (Array.isArray(parent)) return parent[listIndex(token, parent.length, false)] as Json
  return isObject(parent) ? own(parent, token) : undefined
}

function replaceChild(parent: Json, token: string, value: Json): Json {
  if (Array.isArray(parent)) return (parent as readonly Json[]).with(listIndex(token, parent.length, false), value)
  const copy: Record<string, Json | undefined> = { ...(parent as JsonObject) }
  setKey(copy, token, value)
  return copy
}

const add =
  (value: Json): Change =>
  (parent, token) =>
    Array.isArray(parent)
      ? (parent as readonly Json[]).toSpliced(listIndex(token, parent.length, true), 0, value)
      : replaceChild(parent, token, value)

const remove =
  (missing: () => PatchError): Change =>
  (parent, token) => {
    if (Array.isArray(parent)) return (parent as readonly Json[]).toSpliced(listIndex(token, parent.length, false), 1)
    if (own(parent as JsonObject, token) === undefined) throw missing()
    const { [token]: _gone, ...rest } = parent as JsonObject
    return rest
  }

const replace =
  (value: Json, missing: () => PatchError): Change =>
  (parent, token) => {
    if (childOf(parent, token) === undefined) throw missing()
    return replaceChild(parent, token, value)
  }

function read(document: Json, pointer: string, missing: () => PatchError): Json {
  let at: Json | undefined = document
  for (const token of parsePointer(pointer)) {
    at = at === undefined ? undefined : childOf(at, token)
    if (at === undefined) throw missing()
  }
  return at as Json
}

function pointerOf(operation: JsonObject, field: 'path' | 'from'): string {
  const pointer = operation[field]
  if (typeof pointer !== 'string') throw new PatchError(`operation failed to decode ${field}: missing value`)
  return pointer
}

function test(document: Json, operation: JsonObject, pointer: string): Json {
  const wanted = operation.value ?? null
  const failed = () => new PatchError(`testing value ${pointer} failed: test failed`)
  let found: Json
  try {
    found = read(document, pointer, failed)
  } catch (error) {
    if (!(error instanceof PatchError)) throw error
    if (wanted === null) return document
    throw failed()
  }
  if (!deepEqual(found, wanted)) throw failed()
  return document
}

function applyOperation(document: Json, operation: JsonObject): Json {
  const op = typeof operation.op === 'string' ? operation.op : ''
  const path = pointerOf(operation, 'path')
  const missing = () => missingPath(op, path)
  const value = operation.value ?? null
  switch (op) {
    case 'add':
      return path === '' ? value : changeAt(document, parsePointer(path), add(value), missing)
    case 'remove':
      return changeAt(document, parsePointer(path), remove(missing), missing)
    case 'replace':
      return path === '' ? value : changeAt(document, parsePointer(path), replace(value, missing), missing)
    case 'test':
      return test(document, operation, path)
    case 'move':
    case 'copy': {
      const from = pointerOf(operation, 'from')
      const lost = () => missingPath(op, from)
      const moved = read(document, from, lost)
      const rest = op === 'move' ? changeAt(document, parsePointer(from), remove(lost), lost) : document
      return changeAt(rest, parsePointer(path), add(moved), missing)
    }
    default:
      throw new PatchError(`Unexpected kind: ${op}`)
  }
}

/** The document after all operations, or why the first failing one failed. Never throws. */
export function applyJsonPatch(document: Json, operations: readonly JsonObject[]): JsonPatchResult {
  try {
    return { ok: true, value: operations.reduce((at: Json, operation) => applyOperation(at, operation), document) }
  } catch (error) {
    if (error instanceof PatchError) return { ok: false, error: error.message }
    throw error
  }
}
