export interface Simplification {
  readonly id: string
  readonly area: string
  readonly file: string
  readonly text: string
}

export interface ConformanceResults {
  readonly id: string
  readonly cases: number
  readonly agree: number
  readonly groups: readonly { readonly group: string; readonly cases: number; readonly agree: number }[]
  readonly commands: readonly { readonly command: string; readonly lines: number; readonly agree: number }[]
  /** Case → why it differs. */
  readonly deviations: Readonly<Record<string, string>>
  readonly differing: readonly { readonly name: string; readonly differences: readonly string[] }[]
}

export function collectSimplifications(root: string): Simplification[]
export function conformanceResults(root: string): ConformanceResults[]
