// A Pod while plugins change it: its own metadata and spec, all below still shared.
import type { Pod, PodSpec } from '../../../api/core.ts'
import type { ObjectMeta } from '../../../api/meta.ts'

export interface PodDraft {
  readonly metadata: { -readonly [K in keyof ObjectMeta]: ObjectMeta[K] }
  readonly spec: { -readonly [K in keyof PodSpec]: PodSpec[K] }
}

export function podDraftOf({ metadata, spec }: Pod): PodDraft {
  return { metadata: { ...metadata }, spec: { ...spec } }
}
