// Five fields of cron, in UTC. Upstream: github.com/robfig/cron (standard parser).

export interface Schedule {
  readonly minutes: ReadonlySet<number>
  readonly hours: ReadonlySet<number>
  readonly days: ReadonlySet<number>
  readonly months: ReadonlySet<number>
  readonly weekdays: ReadonlySet<number>
  /** With both restricted, either of day and weekday suffices. */
  readonly either: boolean
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const NAMED: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
}
const MINUTE = 60_000
/** A schedule that never comes true (30 February) is given up after so many days. */
const SEARCH_DAYS = 366 * 5

/** The schedule, or undefined for a text that is none. */
export function parseSchedule(text: string): Schedule | undefined {
  const fields = (NAMED[text.trim()] ?? text.trim()).split(/\s+/)
  if (fields.length !== 5) return undefined
  const [minutes, hours, days, months, weekdays] = [
    parseField(fields[0]!, 0, 59),
    parseField(fields[1]!, 0, 23),
    parseField(fields[2]!, 1, 31),
    parseField(fields[3]!, 1, 12, MONTHS),
    parseField(fields[4]!, 0, 7, WEEKDAYS),
  ]
  if (
    minutes === undefined ||
    hours === undefined ||
    days === undefined ||
    months === undefined ||
    weekdays === undefined
  )
    return undefined
  const week = new Set([...weekdays].map((day) => day % 7))
  const star = (field: string) => field.startsWith('*') || field === '?'
  return { minutes, hours, days, months, weekdays: week, either: !star(fields[2]!) && !star(fields[4]!) }
}

function parseField(
  text: string,
  low: number,
  high: number,
  names: readonly string[] = [],
): ReadonlySet<number> | undefined {
  const values = new Set<number>()
  const number = (word: string): number => {
    const named = names.indexOf(word.toLowerCase())
    return named >= 0 ? named + (low === 1 ? 1 : 0) : /^\d+$/.test(word) ? Number(word) : Number.NaN
  }
  for (const part of text.split(',')) {
    const [range = '', step = '1'] = part.split('/')
    const [from, to] =
      range === '*' || range === '?'
        ? [low, high]
        : range.includes('-')
          ? range.split('-').map(number)
          : [number(range), part.includes('/') ? high : number(range)]
    const by = number(step)
    if (!(from! >= low && to! <= high && from! <= to! && by >= 1)) return undefined
    for (let value = from!; value <= to!; value += by) values.add(value)
  }
  return values
}

/** The first run strictly after a moment (ms), or undefined if there is none within five years. */
export function nextRun(schedule: Schedule, after: number): number | undefined {
  let at = Math.floor(after / MINUTE) * MINUTE + MINUTE
  const limit = at + SEARCH_DAYS * 1440 * MINUTE
  while (at < limit) {
    const { month, day, weekday, hour, minute } = civil(at)
    const dayFits = schedule.either
      ? schedule.days.has(day) || schedule.weekdays.has(weekday)
      : schedule.days.has(day) && schedule.weekdays.has(weekday)
    if (!schedule.months.has(month) || !dayFits) at += (1440 - hour * 60 - minute) * MINUTE
    else if (!schedule.hours.has(hour)) at += (60 - minute) * MINUTE
    else if (!schedule.minutes.has(minute)) at += MINUTE
    else return at
  }
  return undefined
}

function civil(at: number) {
  const minutes = Math.floor(at / MINUTE)
  const days = Math.floor(minutes / 1440)
  const z = days + 719_468
  const dayOfEra = z - Math.floor(z / 146_097) * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const mp = Math.floor((5 * dayOfYear + 2) / 153)
  return {
    month: mp < 10 ? mp + 3 : mp - 9,
    day: dayOfYear - Math.floor((153 * mp + 2) / 5) + 1,
    weekday: (((days + 4) % 7) + 7) % 7,
    hour: Math.floor((minutes % 1440) / 60),
    minute: minutes % 60,
  }
}
