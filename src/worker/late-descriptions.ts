// Stands in for grader/api/schema/generated/descriptions.ts in the browser: see scripts/late-descriptions.mjs.

/** The prose per definition and field, as JSON; none of it until `loadDescriptions` is done. */
export let DESCRIPTIONS_JSON = '{}'

let loading: Promise<boolean> | undefined

/** Fetches the prose, once. False when it cannot be had; the next call tries again. */
export function loadDescriptions(): Promise<boolean> {
  loading ??= import('nodewise:descriptions').then(
    (module) => {
      DESCRIPTIONS_JSON = module.DESCRIPTIONS_JSON
      return true
    },
    () => {
      loading = undefined
      return false
    },
  )
  return loading
}
