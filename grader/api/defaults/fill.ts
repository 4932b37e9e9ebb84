// How defaults are laid over an object: absent fields are added, and what does not change is shared, not copied.

/** The object with the fields it lacks; itself if it lacks none. */
export function fill<T extends object>(object: T, defaults: Partial<T>): T {
  for (const key in defaults) if (object[key] === undefined) return { ...defaults, ...object }
  return object
}

/** As fill, where an empty text counts as absent: Go's string fields. */
export function fillText<T extends object>(object: T, field: keyof T & string, text: string): T {
  const value = object[field] as unknown
  return value === undefined || value === '' ? { ...object, [field]: text } : object
}

/** The object with one field replaced; itself if the field is that already. An undefined value changes nothing. */
export function put<T extends object, K extends keyof T>(object: T, field: K, value: T[K] | undefined): T {
  return value === undefined || object[field] === value ? object : { ...object, [field]: value }
}

/** The list with every item passed through; itself if no item changed. */
export function mapShared<T>(list: readonly T[], change: (item: T) => T): readonly T[] {
  let changed: T[] | undefined
  for (let i = 0; i < list.length; i++) {
    const item = change(list[i]!)
    if (item !== list[i]) changed ??= [...list]
    if (changed !== undefined) changed[i] = item
  }
  return changed ?? list
}

/** Remembers results by identity: Pods of one template share their parts, so each part is looked at once. */
export function remembered<T extends object>(change: (value: T) => T): (value: T) => T {
  const results = new WeakMap<T, T>()
  return (value) => {
    const known = results.get(value)
    if (known !== undefined) return known
    const made = change(value)
    results.set(value, made)
    results.set(made, made)
    return made
  }
}
