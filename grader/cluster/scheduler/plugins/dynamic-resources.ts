// Upstream: pkg/scheduler/framework/plugins/dynamicresources/dynamicresources.go.
// Simplified: ResourceClaims are no kind of ours, so a Pod that names one waits for it for ever.
import { type FilterPlugin, podRef } from '../framework.ts'

/** What its PostFilter says of a Pod without claims. */
export const NO_CLAIMS_TO_DEALLOCATE = 'no new claims to deallocate'
/** What its PostFilter says when an earlier plugin ended the PreFilters: its own state is missing. */
export const STATE_NOT_FOUND = 'not found'

interface ClaimSource {
  readonly resourceClaimName?: string
  readonly resourceClaimTemplateName?: string
}

export const dynamicResources: FilterPlugin = {
  name: 'DynamicResources',
  concerns: ({ pod }) => (pod.pod.spec.resourceClaims?.length ?? 0) > 0,
  preFilter({ pod }) {
    const claim = pod.pod.spec.resourceClaims?.[0] as (ClaimSource & { readonly name?: string }) | undefined
    if (claim === undefined) return undefined
    const message =
      claim.resourceClaimName === undefined
        ? `pod "${pod.key}": ResourceClaim not created yet`
        : `resourceclaim.resource.k8s.io "${claim.resourceClaimName}" not found`
    return {
      plugin: 'DynamicResources',
      message,
      because: [{ code: 'ResourceClaimMissing', object: podRef(pod.pod), path: 'spec.resourceClaims[0]', kubernetes: message }],
    }
  },
  filter: () => undefined,
}
