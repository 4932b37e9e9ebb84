// JSON merge patch, RFC 7386. Upstream: gopkg.in/evanphx/json-patch (MergePatch).
import type { Json, JsonObject } from '../../../api/meta.ts'

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The target with the patch merged in; what the patch does not name is shared with the target. */
export function applyMergePatch(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch
  const merged: Record<string, Json | undefined> = isObject(target) ? { ...target } : {}
  for (const key of Object.keys(patch)) {
    const value = patch[key]
    if (value === null) delete merged[key]
    else if (value !== undefined)
      setKey(merged, key, isObject(value) ? applyMergePatch(own(merged, key), value) : value)
  }
  return merged
}

/** The value of an own key: `constructor` and the like are no values. */
export function own(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined
}

/** Sets a key whatever its name is: `__proto__` would otherwise change the object's prototype. */
export function setKey(object: Record<string, Json | undefined>, key: string, value: Json): void {
  if (key === '__proto__')
    Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true })
  else object[key] = value
}
