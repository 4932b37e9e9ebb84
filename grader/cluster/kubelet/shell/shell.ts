// A small shell over files and an environment: enough to look around in a container. It never throws and always ends.
import { resolvePath } from './file-tree.ts'
import { failed, type Output, type Surroundings, said } from './program.ts'
import { PROGRAMS } from './programs.ts'
import { type Pipeline, parseLine, type Redirection, type SimpleCommand, type Word } from './syntax.ts'

const NOT_FOUND = 127

/** Runs a program with its arguments; undefined if there is no such program. */
export function runProgram(words: readonly string[], stdin: string, around: Surroundings): Output | undefined {
  const [name = '', ...args] = words
  const plain = name.replace(/^(?:\/usr)?(?:\/local)?\/s?bin\//, '')
  if (plain === 'sh' || plain === 'bash' || plain === 'ash') return runShell(plain, args, stdin, around)
  return Object.hasOwn(PROGRAMS, plain) ? PROGRAMS[plain]!(args, stdin, around) : undefined
}

function runShell(name: string, args: readonly string[], stdin: string, around: Surroundings): Output {
  const at = args.findIndex((arg) => /^-[a-z]*c$/.test(arg))
  if (at < 0) return stdin === '' ? said('') : runLine(name, stdin, around)
  const line = args[at + 1]
  if (line === undefined) return failed(`${name}: -c requires an argument`, 2)
  return runLine(name, line, around)
}

/** Runs a whole command line. */
export function runLine(shell: string, line: string, around: Surroundings): Output {
  const parsed = parseLine(line)
  if ('error' in parsed) return failed(`${shell}: ${parsed.error}`, 2)
  let stdout = ''
  let stderr = ''
  around.exited = false
  for (const pipeline of parsed.pipelines) {
    if (around.exited) break
    if (pipeline.after === '&&' && around.lastExitCode !== 0) continue
    if (pipeline.after === '||' && around.lastExitCode === 0) continue
    const output = runPipeline(shell, pipeline, around)
    stdout += output.stdout
    stderr += output.stderr
    around.lastExitCode = output.exitCode
  }
  around.exited = false
  return { stdout, stderr, exitCode: around.lastExitCode }
}

function runPipeline(shell: string, { commands }: Pipeline, around: Surroundings): Output {
  let last: Output = said('')
  let stderr = ''
  for (const command of commands) {
    last = runCommand(shell, command, { stdin: last.stdout, around })
    stderr += last.stderr
  }
  return { ...last, stderr }
}

function runCommand(
  shell: string,
  { words, redirections }: SimpleCommand,
  { stdin, around }: { readonly stdin: string; readonly around: Surroundings },
): Output {
  const expanded = words.flatMap((word) => expandWord(word, around))
  while (expanded.length > 0 && /^[A-Za-z_]\w*=/.test(expanded[0]!)) {
    const [name = '', ...value] = expanded.shift()!.split('=')
    around.environment.set(name, value.join('='))
  }
  const input = redirections.find(({ from }) => from === 0)
  const read = input === undefined ? stdin : readFrom(input, around)
  if (read === undefined) return failed(`${shell}: can't open ${targetOf(input!, around)}: no such file`, 1)
  if (expanded.length === 0) return said('')
  const output = runProgram(expanded, read, around) ?? failed(`${shell}: ${expanded[0]}: not found`, NOT_FOUND)
  return redirect(shell, output, { redirections, around })
}

const targetOf = ({ to }: Redirection, around: Surroundings): string =>
  typeof to === 'number' ? String(to) : expandWord(to, around).join(' ')

function readFrom(input: Redirection, around: Surroundings): string | undefined {
  const entry = around.files.get(resolvePath(around.directory, targetOf(input, around)))
  return entry === undefined || entry.type === 'd' ? undefined : entry.text
}

// Simplified: nothing can be written in a container but to /dev/null, /dev/stdout and /dev/stderr.
function redirect(
  shell: string,
  output: Output,
  { redirections, around }: { readonly redirections: readonly Redirection[]; readonly around: Surroundings },
): Output {
  let { stdout, stderr } = output
  for (const redirection of redirections) {
    const { from, to } = redirection
    if (from === 0) continue
    const target = to === 1 ? '/dev/stdout' : to === 2 ? '/dev/stderr' : targetOf(redirection, around)
    const text = from === 1 ? stdout : stderr
    if (!/^\/dev\/(null|stdout|stderr)$/.test(target))
      return { stdout: '', stderr: `${shell}: can't create ${target}: Read-only file system\n`, exitCode: 1 }
    if (from === 1) stdout = ''
    else stderr = ''
    if (target === '/dev/stdout') stdout += text
    else if (target === '/dev/stderr') stderr += text
  }
  return { ...output, stdout, stderr }
}

/** Variables, then fields, then names of files for `*`. */
function expandWord(word: Word, around: Surroundings): readonly string[] {
  let fields = ['']
  let isQuoted = false
  let hasGlob = false
  for (const piece of word) {
    const text = piece.isLiteral ? piece.text : expandVariables(piece.text, around)
    isQuoted ||= piece.isQuoted
    if (piece.isQuoted) {
      fields[fields.length - 1] += text
      continue
    }
    hasGlob ||= text.includes('*')
    const [first = '', ...more] = text.split(/[ \t\n]+/)
    fields = [...fields.slice(0, -1), `${fields.at(-1)}${first}`, ...more]
  }
  if (!isQuoted) fields = fields.filter((field) => field !== '')
  return hasGlob && !isQuoted ? fields.flatMap((field) => matchFiles(field, around)) : fields
}

function expandVariables(text: string, { environment, lastExitCode }: Surroundings): string {
  return text.replace(
    /\\([$"\\`])|\$(?:\{([A-Za-z_]\w*)(?::-([^}]*))?\}|([A-Za-z_]\w*)|(\?))/g,
    (_, escaped: string | undefined, braced?: string, fallback?: string, plain?: string, isExit?: string) => {
      if (escaped !== undefined) return escaped
      if (isExit !== undefined) return String(lastExitCode)
      const value = environment.get(braced ?? plain ?? '') ?? ''
      return value === '' ? (fallback ?? '') : value
    },
  )
}

/** The files that a pattern with `*` in its last part names; the pattern itself if there are none. */
function matchFiles(pattern: string, { files, directory }: Surroundings): readonly string[] {
  const cut = pattern.lastIndexOf('/') + 1
  const folder = pattern.slice(0, cut)
  const parts = pattern.slice(cut).split('*')
  const names = files.list(resolvePath(directory, folder === '' ? '.' : folder)).filter((name) => matches(name, parts))
  return names.length === 0 ? [pattern] : names.map((name) => `${folder}${name}`)
}

/** Whether the name is the parts with anything between them. */
function matches(name: string, parts: readonly string[]): boolean {
  if (name.startsWith('.')) return false
  const last = parts.at(-1)!
  if (!name.startsWith(parts[0]!) || !name.endsWith(last)) return false
  let at = parts[0]!.length
  for (const part of parts.slice(1, -1)) {
    at = name.indexOf(part, at)
    if (at < 0) return false
    at += part.length
  }
  return at + last.length <= name.length
}
