// Upstream: pkg/scheduler/framework/plugins/dynamicresources/dynamicresources.go.
import type { Pod } from '../../../api/core.ts'

/** What its PostFilter says of a Pod without claims. */
export const NO_CLAIMS_TO_DEALLOCATE = 'no new claims to deallocate'
/** What its PostFilter says when an earlier plugin ended the PreFilters: its own state is missing. */
export const STATE_NOT_FOUND = 'not found'

// Simplified: ResourceClaims are no kind of ours, so a Pod that names one waits for it for ever, in front of the queue.
/** Whether the Pod waits for a claim that is not there. Upstream: DynamicResources.PreEnqueue. */
export function waitsForClaims({ spec }: Pod): boolean {
  return (spec.resourceClaims?.length ?? 0) > 0
}
