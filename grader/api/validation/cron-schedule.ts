// The five fields of a CronJob's schedule. Upstream: github.com/robfig/cron/v3, ParseStandard.
import { goQuote } from '../field-error.ts'

interface Bounds {
  readonly min: number
  readonly max: number
  readonly names: readonly string[]
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const FIELDS: readonly Bounds[] = [
  { min: 0, max: 59, names: [] },
  { min: 0, max: 23, names: [] },
  { min: 1, max: 31, names: [] },
  { min: 1, max: 12, names: ['', ...MONTHS] },
  { min: 0, max: 6, names: DAYS },
]
const DESCRIPTORS = ['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly']

/** What is wrong with the schedule, in the words of upstream's parser, or undefined. */
export function parseCron(given: string): string | undefined {
  const zone = /^(TZ|CRON_TZ)=\S* /.exec(given)
  const schedule = zone === null ? given : given.slice(zone[0].length).trim()
  if (schedule.startsWith('@')) return descriptorProblem(schedule)
  const fields = schedule.split(/\s+/).filter((field) => field !== '')
  if (fields.length !== 5) return `expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`
  for (let i = 0; i < FIELDS.length; i++) {
    const problem = fieldProblem(fields[i]!, FIELDS[i]!)
    if (problem !== undefined) return problem
  }
  return undefined
}

function descriptorProblem(text: string): string | undefined {
  if (DESCRIPTORS.includes(text)) return undefined
  if (!text.startsWith('@every ')) return `unrecognized descriptor: ${text}`
  const duration = text.slice('@every '.length)
  if (
    /^[+-]?(\d+(\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)((\d+(\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h))*$/.test(duration) ||
    duration === '0'
  )
    return undefined
  return `failed to parse duration ${text}: time: invalid duration ${goQuote(duration)}`
}

function fieldProblem(field: string, bounds: Bounds): string | undefined {
  for (const expression of field.split(',')) {
    if (expression === '') continue
    const problem = rangeProblem(expression, bounds)
    if (problem !== undefined) return problem
  }
  return undefined
}

function rangeProblem(expression: string, bounds: Bounds): string | undefined {
  const [range = '', step, ...more] = expression.split('/')
  const [low = '', high, ...others] = range.split('-')
  const all = low === '*' || low === '?'
  if (others.length > 0 && !all) return `too many hyphens: ${expression}`
  const start = all ? bounds.min : numberOf(low, bounds)
  if (typeof start === 'string') return start
  let end = all ? bounds.max : high === undefined ? start : numberOf(high, bounds)
  if (typeof end === 'string') return end
  if (more.length > 0) return `too many slashes: ${expression}`
  const every = step === undefined ? 1 : numberOf(step, { min: 0, max: 0, names: [] })
  if (typeof every === 'string') return every
  if (step !== undefined && high === undefined && !all) end = bounds.max
  if (start < bounds.min) return `beginning of range (${start}) below minimum (${bounds.min}): ${expression}`
  if (end > bounds.max) return `end of range (${end}) above maximum (${bounds.max}): ${expression}`
  if (start > end) return `beginning of range (${start}) beyond end of range (${end}): ${expression}`
  return every === 0 ? `step of range should be a positive number: ${expression}` : undefined
}

function numberOf(text: string, bounds: Bounds): number | string {
  const named = bounds.names.indexOf(text.toLowerCase())
  if (named >= 0 && text !== '') return named
  if (!/^[+-]?[0-9]+$/.test(text))
    return `failed to parse int from ${text}: strconv.Atoi: parsing ${goQuote(text)}: invalid syntax`
  const value = Number(text)
  return value < 0 ? `negative number (${value}) not allowed: ${text}` : value
}
