/** An address inside the site, whatever path it is served under: `pageUrl('labs/')`. */
export function pageUrl(path: string): string {
  const base = import.meta.env.BASE_URL
  return `${base.endsWith('/') ? base : `${base}/`}${path}`
}

/** Where a lesson's page lists a claim: `04-taints/no-schedule` → `claim-no-schedule`. */
export function claimAnchor(claim: string): string {
  return `claim-${claim.split('/').at(-1) ?? claim}`
}
