/** An address inside the site, whatever path it is served under: `pageUrl('labs/')`. */
export function pageUrl(path: string): string {
  const base = import.meta.env.BASE_URL
  return `${base.endsWith('/') ? base : `${base}/`}${path}`
}
