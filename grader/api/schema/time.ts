/**
 * Times in bodies: RFC 3339 in, UTC out. Upstream: metav1.Time and MicroTime (UnmarshalJSON), Go's time.Parse.
 */

import { civilFromDays, daysFromCivil } from '../timestamp.ts'

export type DecodedTime = { readonly ok: true; readonly value: string } | { readonly ok: false; readonly error: string }

const LAYOUT = '2006-01-02T15:04:05Z07:00'
const MICRO_LAYOUT = '2006-01-02T15:04:05.000000Z07:00'
const ELEMENTS: readonly (readonly [RegExp, string])[] = [
  [/^\d{4}/, '2006'],
  [/^-/, '-'],
  [/^\d{2}/, '01'],
  [/^-/, '-'],
  [/^\d{2}/, '02'],
  [/^T/, 'T'],
  [/^\d{2}/, '15'],
  [/^:/, ':'],
  [/^\d{2}/, '04'],
  [/^:/, ':'],
  [/^\d{2}(?:[.,]\d+)?/, '05'],
  [/^(?:Z|[+-]\d{2}:\d{2})/, 'Z07:00'],
]

/** Reads a time and writes it as the API server prints it; fails with the text of Go's time.Parse. */
export function decodeTime(text: string, micro = false): DecodedTime {
  const layout = micro ? MICRO_LAYOUT : LAYOUT
  let rest = text
  for (const [shape, element] of ELEMENTS) {
    const match = shape.exec(rest)
    if (match === null) {
      const quoted = [text, layout, rest, element].map((part) => JSON.stringify(part))
      return {
        ok: false,
        error: `parsing time ${quoted[0]} as ${quoted[1]}: cannot parse ${quoted[2]} as ${quoted[3]}`,
      }
    }
    rest = rest.slice(match[0].length)
  }
  if (rest !== '')
    return { ok: false, error: `parsing time ${JSON.stringify(text)}: extra text: ${JSON.stringify(rest)}` }
  return inUtc(text, micro)
}

function inUtc(text: string, micro: boolean): DecodedTime {
  const [year, month, day, hour, minute, second] = [0, 5, 8, 11, 14, 17].map((at, i) =>
    Number(text.slice(at, at + (i === 0 ? 4 : 2))),
  ) as [number, number, number, number, number, number]
  const wrong = outOfRange({ year, month, day, hour, minute, second })
  if (wrong !== undefined) return { ok: false, error: `parsing time ${JSON.stringify(text)}: ${wrong} out of range` }
  const fraction = /[.,](\d+)/.exec(text)?.[1] ?? ''
  const zone = /([+-])(\d{2}):(\d{2})$/.exec(text)
  const offset = zone === null ? 0 : (zone[1] === '-' ? -1 : 1) * (Number(zone[2]) * 60 + Number(zone[3]))
  const minutes = daysFromCivil(year, month, day) * 1440 + hour * 60 + minute - offset
  const date = dateOf(Math.floor(minutes / 1440))
  const ofDay = ((minutes % 1440) + 1440) % 1440
  const clock = `${pad(Math.floor(ofDay / 60))}:${pad(ofDay % 60)}:${pad(second)}`
  return { ok: true, value: `${date}T${clock}${micro ? `.${fraction.padEnd(6, '0').slice(0, 6)}` : ''}Z` }
}

interface Parts {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
}

function outOfRange({ year, month, day, hour, minute, second }: Parts): string | undefined {
  if (month < 1 || month > 12) return 'month'
  if (hour > 23) return 'hour'
  if (minute > 59) return 'minute'
  if (second > 59) return 'second'
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const last = month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31
  return day < 1 || day > last ? 'day' : undefined
}

const pad = (n: number, width = 2): string => String(n).padStart(width, '0')

function dateOf(days: number): string {
  const { year, month, day } = civilFromDays(days)
  return `${pad(year, 4)}-${pad(month)}-${pad(day)}`
}
