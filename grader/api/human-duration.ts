/** Ages as kubectl shows them: coarser the longer they are. Upstream: k8s.io/apimachinery/pkg/util/duration (HumanDuration). */
import { parseRfc3339 } from './timestamp.ts'

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const YEAR = 365 * DAY

/** `5s`, `2m30s`, `3h`, `2d4h`, `1y20d` … ; up to 2 s in the future `0s`, further ahead `<invalid>`. */
export function formatHumanDuration(milliseconds: number): string {
  const seconds = Math.trunc(milliseconds / 1000)
  if (seconds < -1) return '<invalid>'
  if (seconds < 0) return '0s'
  if (seconds < 2 * MINUTE) return `${seconds}s`
  if (seconds < 10 * MINUTE) return pair(seconds, [MINUTE, 'm'], [1, 's'])
  if (seconds < 3 * HOUR) return `${Math.floor(seconds / MINUTE)}m`
  if (seconds < 8 * HOUR) return pair(seconds, [HOUR, 'h'], [MINUTE, 'm'])
  if (seconds < 2 * DAY) return `${Math.floor(seconds / HOUR)}h`
  if (seconds < 8 * DAY) return pair(seconds, [DAY, 'd'], [HOUR, 'h'])
  if (seconds < 2 * YEAR) return `${Math.floor(seconds / DAY)}d`
  if (seconds < 8 * YEAR) return pair(seconds, [YEAR, 'y'], [DAY, 'd'])
  return `${Math.floor(seconds / YEAR)}y`
}

/** How long ago a timestamp was; `<unknown>` if there is none. `now` in milliseconds since the epoch. */
export function formatAge(timestamp: string | null | undefined, now: number): string {
  const at = parseRfc3339(timestamp)
  return at === undefined ? '<unknown>' : formatHumanDuration(now - at)
}

type Unit = readonly [size: number, letter: string]

/** Two units; the smaller one is left out when it is zero. */
function pair(seconds: number, [large, largeLetter]: Unit, [small, smallLetter]: Unit): string {
  const rest = Math.floor((seconds % large) / small)
  return `${Math.floor(seconds / large)}${largeLetter}${rest === 0 ? '' : `${rest}${smallLetter}`}`
}
