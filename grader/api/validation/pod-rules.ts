// What a Pod's rules depend on besides the Pod: whether it is a Pod or a template, and what an older version may keep.
// Upstream: PodValidationOptions, filled by pkg/api/pod/util.go GetValidationOptionsFromPodSpecAndMeta with the
// feature gates of v1.35.

export interface PodRules {
  /** The object is a Pod itself, not a template in another object. */
  readonly isPod: boolean
  /** The object existed with a value that is no label value in a selector, and may keep it. */
  readonly allowInvalidSelectorValues: boolean
  readonly allowInvalidAffinityValues: boolean
  readonly allowInvalidSpreadSelector: boolean
  readonly allowHostSysctls: boolean
  readonly allowNonLocalTokenPath: boolean
  readonly allowInvalidDeletionCost: boolean
  readonly allowIndivisibleHugePages: boolean
}

const STRICT = {
  allowInvalidSelectorValues: false,
  allowInvalidAffinityValues: false,
  allowInvalidSpreadSelector: false,
  allowHostSysctls: false,
  allowNonLocalTokenPath: false,
  allowInvalidDeletionCost: false,
  allowIndivisibleHugePages: false,
}

export const POD_RULES: PodRules = { ...STRICT, isPod: true }
export const TEMPLATE_RULES: PodRules = { ...STRICT, isPod: false }
