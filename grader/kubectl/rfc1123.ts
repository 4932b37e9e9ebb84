/** `Mon, 02 Jan 2006 15:04:05 +0000`: how describe writes moments. Upstream: time.RFC1123Z, in UTC. */
import { civilFromDays, formatRfc3339, parseRfc3339 } from '../api/timestamp.ts'

const DAYS = ['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
/** Go prints the zero time for a moment that is not set. */
const ZERO_TIME = 'Mon, 01 Jan 0001 00:00:00 +0000'

/** The RFC 3339 moment in RFC 1123 with a numeric zone. */
export function formatRfc1123(timestamp: string | null | undefined): string {
  const at = parseRfc3339(timestamp)
  if (at === undefined) return ZERO_TIME
  const days = Math.floor(at / 86_400_000)
  const { year, month, day } = civilFromDays(days)
  const time = formatRfc3339(at).slice(11, 19)
  return `${DAYS[((days % 7) + 7) % 7]}, ${String(day).padStart(2, '0')} ${MONTHS[month - 1]} ${year} ${time} +0000`
}
