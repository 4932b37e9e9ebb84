export interface Simplification {
  readonly id: string
  readonly area: string
  readonly file: string
  readonly text: string
}

export interface ConformanceGroup {
  readonly id: string
  readonly cases: number
  readonly passed: number
}

export function collectSimplifications(root: string): Simplification[]
export function conformanceGroups(root: string): ConformanceGroup[]
