// Amounts as the API server stores them. Upstream: SetDefaults_ResourceList of pkg/apis/core/v1/defaults.go.
import type { ResourceList } from '../core.ts'
import { formatQuantity, parseQuantity, roundUpToMilli } from '../quantity.ts'
import { remembered } from './fill.ts'

/** Every amount rounded up to thousandths, in its canonical text; texts that do not parse stay. */
export const defaultResourceList: (list: ResourceList) => ResourceList = remembered((list) => {
  let changed: Record<string, string> | undefined
  for (const name of Object.keys(list)) {
    const parsed = parseQuantity(list[name]!)
    const text = parsed.ok ? formatQuantity(roundUpToMilli(parsed.value)) : list[name]!
    if (text === list[name]) continue
    changed ??= { ...list }
    changed[name] = text
  }
  return changed ?? list
})
