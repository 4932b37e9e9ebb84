/**
 * Flags: what a command takes is a table; reading a command line against it gives values or the words of pflag.
 * Upstream: github.com/spf13/pflag (flag.go), k8s.io/kubectl templates (the help hint).
 */

import { fail } from './failure.ts'
import { parseBoolean, parseDuration, parseInteger } from './go-text.ts'

export type FlagType = 'string' | 'bool' | 'int' | 'int32' | 'int64' | 'duration' | 'list' | 'array'

/** One flag. `noValue` is what it means without `=value`; `list` splits at commas, `array` does not. */
export interface Flag {
  readonly name: string
  readonly short?: string
  readonly type: FlagType
  readonly default: string
  readonly help: string
  readonly noValue?: string
}

interface FlagOptions {
  readonly short?: string
  readonly default?: string
  readonly noValue?: string
}

const DEFAULTS: Readonly<Record<FlagType, string>> = {
  string: '',
  bool: 'false',
  int: '0',
  int32: '0',
  int64: '0',
  duration: '0s',
  list: '[]',
  array: '[]',
}

/** A row of a flag table. */
export function flag(name: string, type: FlagType, help: string, options: FlagOptions = {}): Flag {
  const noValue = options.noValue ?? (type === 'bool' ? 'true' : undefined)
  return {
    name,
    type,
    help,
    default: options.default ?? DEFAULTS[type],
    ...(options.short === undefined ? {} : { short: options.short }),
    ...(noValue === undefined ? {} : { noValue }),
  }
}

/** The values of a command's flags, by long name. Asking for a flag that the command lacks gives its zero value. */
export interface FlagValues {
  string(name: string): string
  bool(name: string): boolean
  number(name: string): number
  /** Milliseconds. */
  duration(name: string): number
  list(name: string): readonly string[]
  /** Whether the flag stood on the command line. */
  changed(name: string): boolean
}

export interface ParsedFlags {
  readonly values: FlagValues
  readonly args: readonly string[]
  /** How many of `args` stood before `--`; undefined without a `--`. */
  readonly argsBeforeDash: number | undefined
}

/** Reads the words of one command. Fails with pflag's words and the hint where help is. */
export function parseFlags(table: readonly Flag[], words: readonly string[], commandPath: string): ParsedFlags {
  const given = new Map<string, string[]>()
  const args: string[] = []
  const reader: Reader = { table, given, hint: `\nSee '${commandPath} --help' for usage.` }
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    if (word === '--') {
      const before = args.length
      return { values: valuesOf(table, given), args: [...args, ...words.slice(i + 1)], argsBeforeDash: before }
    }
    if (word.startsWith('--')) i += takeLong(reader, word.slice(2), words[i + 1])
    else if (word.startsWith('-') && word.length > 1) i += takeShort(reader, word, words[i + 1])
    else args.push(word)
  }
  return { values: valuesOf(table, given), args, argsBeforeDash: undefined }
}

interface Reader {
  readonly table: readonly Flag[]
  readonly given: Map<string, string[]>
  readonly hint: string
}

/** Returns how many further words were used up. */
function takeLong(reader: Reader, body: string, next: string | undefined): 0 | 1 {
  const equals = body.indexOf('=')
  const written = equals < 0 ? body : body.slice(0, equals)
  if (written === '' || written.startsWith('-')) fail(`bad flag syntax: --${body}${reader.hint}`)
  // Upstream: WordSepNormalizeFunc.
  const name = written.replaceAll('_', '-')
  const found = reader.table.find((f) => f.name === name)
  if (found === undefined) fail(`unknown flag: --${written}${reader.hint}`)
  if (equals >= 0) return accept(reader, found, body.slice(equals + 1), 0)
  if (found.noValue !== undefined) return accept(reader, found, found.noValue, 0)
  if (next === undefined) fail(`flag needs an argument: --${written}${reader.hint}`)
  return accept(reader, found, next, 1)
}

function takeShort(reader: Reader, word: string, next: string | undefined): 0 | 1 {
  let rest = word.slice(1)
  while (rest !== '') {
    const letter = [...rest][0]!
    const found = reader.table.find((f) => f.short === letter)
    if (found === undefined) fail(`unknown shorthand flag: '${letter}' in -${rest}${reader.hint}`)
    const after = rest.slice(letter.length)
    if (after.startsWith('=') && after.length > 0) return accept(reader, found, after.slice(1), 0)
    if (found.noValue === undefined) {
      if (after !== '') return accept(reader, found, after, 0)
      if (next === undefined) fail(`flag needs an argument: '${letter}' in -${rest}${reader.hint}`)
      return accept(reader, found, next, 1)
    }
    accept(reader, found, found.noValue, 0)
    rest = after
  }
  return 0
}

function accept(reader: Reader, found: Flag, value: string, used: 0 | 1): 0 | 1 {
  const problem = problemOf(found, value)
  if (problem !== undefined) {
    const name = found.short === undefined ? `--${found.name}` : `-${found.short}, --${found.name}`
    fail(`invalid argument ${JSON.stringify(value)} for ${JSON.stringify(name)} flag: ${problem}${reader.hint}`)
  }
  reader.given.set(found.name, [...(reader.given.get(found.name) ?? []), value])
  return used
}

function problemOf({ type }: Flag, value: string): string | undefined {
  const parsed =
    type === 'bool'
      ? parseBoolean(value)
      : type === 'duration'
        ? parseDuration(value)
        : type === 'int' || type === 'int64'
          ? parseInteger(value, 64)
          : type === 'int32'
            ? parseInteger(value, 32)
            : undefined
  return parsed === undefined || parsed.ok ? undefined : parsed.error
}

function valuesOf(table: readonly Flag[], given: ReadonlyMap<string, readonly string[]>): FlagValues {
  const text = (name: string): string => given.get(name)?.at(-1) ?? table.find((f) => f.name === name)?.default ?? ''
  return {
    string: text,
    bool: (name) => {
      const parsed = parseBoolean(text(name))
      return parsed.ok && parsed.value
    },
    number: (name) => {
      const parsed = parseInteger(text(name), 64)
      return parsed.ok ? parsed.value : 0
    },
    duration: (name) => {
      const parsed = parseDuration(text(name))
      return parsed.ok ? parsed.value : 0
    },
    list: (name) => {
      const all = given.get(name) ?? []
      return table.find((f) => f.name === name)?.type === 'array' ? all : all.flatMap(splitCommas)
    },
    changed: (name) => given.has(name),
  }
}

/** One line of CSV, as pflag reads list flags: quotes protect commas. */
function splitCommas(text: string): string[] {
  if (text === '') return []
  const out: string[] = []
  for (const match of text.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)) {
    out.push(match[1] === undefined ? (match[2] ?? '') : match[1].replaceAll('""', '"'))
  }
  return out
}
