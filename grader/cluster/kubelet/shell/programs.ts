// The programs that a container's shell knows, in busybox' words.
import { type FileEntry, resolvePath } from './file-tree.ts'
import { failed, type Output, type Program, type Surroundings, said } from './program.ts'

const flagsOf = (args: readonly string[]): string =>
  args
    .filter((arg) => /^-[A-Za-z0-9]/.test(arg))
    .map((arg) => arg.slice(1))
    .join('')
const wordsOf = (args: readonly string[]): readonly string[] => args.filter((arg) => !/^-[A-Za-z0-9]/.test(arg))
const entryAt = (path: string, { files, directory }: Surroundings): FileEntry | undefined =>
  files.get(resolvePath(directory, path))

/** Output of several files, each of which may be missing. */
function eachFile(
  name: string,
  { args, stdin, around }: { readonly args: readonly string[]; readonly stdin: string; readonly around: Surroundings },
  show: (text: string) => string,
): Output {
  if (args.length === 0) return said(show(stdin))
  let stdout = ''
  let stderr = ''
  for (const path of args) {
    const entry = path === '-' ? { type: '-', text: stdin } : entryAt(path, around)
    if (entry === undefined) stderr += `${name}: can't open '${path}': No such file or directory\n`
    else if (entry.type === 'd') stderr += `${name}: read error: Is a directory\n`
    else stdout += show(entry.text)
  }
  return { stdout, stderr, exitCode: stderr === '' ? 0 : 1 }
}

const ls: Program = (args, _, around) => {
  const flags = flagsOf(args)
  const paths = wordsOf(args)
  let stdout = ''
  let stderr = ''
  const list = paths.length === 0 ? ['.'] : paths
  for (const path of list) {
    const full = resolvePath(around.directory, path)
    const entry = around.files.get(full)
    if (entry === undefined) {
      stderr += `ls: ${path}: No such file or directory\n`
      continue
    }
    const isListed = entry.type === 'd' && !flags.includes('d')
    if (isListed && list.length > 1) stdout += `${stdout === '' ? '' : '\n'}${path}:\n`
    const names = isListed
      ? around.files.list(full).filter((name) => flags.includes('a') || !name.startsWith('.'))
      : [path]
    for (const name of names) {
      const shown = isListed ? around.files.get(`${full === '/' ? '' : full}/${name}`)! : entry
      stdout += flags.includes('l') ? `${longLine(shown, around)} ${name}\n` : `${name}\n`
    }
  }
  return { stdout, stderr, exitCode: stderr === '' ? 0 : 1 }
}

function longLine({ type, mode, text }: FileEntry, { now }: Surroundings): string {
  const bits = mode ?? (type === 'd' ? 0o755 : 0o644)
  const letters = [...'rwxrwxrwx'].map((letter, i) => ((bits >> (8 - i)) & 1 ? letter : '-')).join('')
  const size = String(type === 'd' ? 4096 : text.length).padStart(9)
  return `${type}${letters}    ${type === 'd' ? 2 : 1} root     root     ${size} ${monthAndTime(now)}`
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

const monthAndTime = (now: string): string =>
  `${MONTHS[Number(now.slice(5, 7)) - 1]} ${String(Number(now.slice(8, 10))).padStart(2)} ${now.slice(11, 16)}`

const env: Program = (args, stdin, around) => {
  const rest = args.findIndex((arg) => !arg.includes('='))
  for (const arg of rest < 0 ? args : args.slice(0, rest)) {
    const [name = '', ...value] = arg.split('=')
    around.environment.set(name, value.join('='))
  }
  if (rest >= 0) {
    const command = args.slice(rest)
    return (
      around.run(command, stdin, around) ?? failed(`env: can't execute '${command[0]}': No such file or directory`, 127)
    )
  }
  return said([...around.environment].map(([name, value]) => `${name}=${value}\n`).join(''))
}

const printenv: Program = (args, stdin, around) => {
  if (args.length === 0) return env([], stdin, around)
  const values = args.map((name) => around.environment.get(name)).filter((value) => value !== undefined)
  return {
    stdout: values.map((value) => `${value}\n`).join(''),
    stderr: '',
    exitCode: values.length === args.length ? 0 : 1,
  }
}

const cd: Program = ([path = '/'], _, around) => {
  const entry = entryAt(path, around)
  if (entry?.type !== 'd')
    return failed(
      `sh: cd: can't cd to ${path}: ${entry === undefined ? 'No such file or directory' : 'Not a directory'}`,
      2,
    )
  around.directory = resolvePath(around.directory, path)
  return said('')
}

const grep: Program = (args, stdin, around) => {
  const flags = flagsOf(args)
  const [pattern = '', ...paths] = wordsOf(args)
  const fold = (text: string) => (flags.includes('i') ? text.toLowerCase() : text)
  const wanted = fold(pattern)
  let count = 0
  // Simplified: grep looks for the text itself, not for a regular expression.
  const output = eachFile('grep', { args: paths, stdin, around }, (text) => {
    const found = linesOf(text).filter((line) => fold(line).includes(wanted) !== flags.includes('v'))
    count += found.length
    if (flags.includes('c')) return `${found.length}\n`
    return flags.includes('q') ? '' : found.map((line) => `${line}\n`).join('')
  })
  return { ...output, exitCode: output.stderr !== '' ? 2 : count > 0 ? 0 : 1 }
}

const linesOf = (text: string): readonly string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'))

/** `head` and `tail`: so many lines of one end. */
const end =
  (name: string, cut: (lines: readonly string[], count: number) => readonly string[]): Program =>
  (args, stdin, around) => {
    const joined = args.join(' ')
    const count = Number(/-n\s*(\d+)/.exec(joined)?.[1] ?? /(?:^|\s)-(\d+)/.exec(joined)?.[1] ?? 10)
    const paths = args.filter((arg, i) => !arg.startsWith('-') && args[i - 1] !== '-n')
    return eachFile(name, { args: paths, stdin, around }, (text) =>
      cut(linesOf(text), count)
        .map((line) => `${line}\n`)
        .join(''),
    )
  }

const wc: Program = (args, stdin, around) => {
  const flags = flagsOf(args)
  return eachFile('wc', { args: wordsOf(args), stdin, around }, (text) => {
    const numbers = [linesOf(text).length, text.split(/\s+/).filter((word) => word !== '').length, text.length]
    const shown = ['l', 'w', 'c'].flatMap((flag, i) => (flags === '' || flags.includes(flag) ? [numbers[i]!] : []))
    return `${shown.join(' ')}\n`
  })
}

const test: Program = (args, _, around) => {
  const isTrue = judge(args.at(-1) === ']' ? args.slice(0, -1) : args, around)
  return { stdout: '', stderr: '', exitCode: isTrue ? 0 : 1 }
}

function judge(args: readonly string[], around: Surroundings): boolean {
  const [first = '', second = '', third = ''] = args
  if (first === '!') return !judge(args.slice(1), around)
  if (args.length === 3) {
    if (second === '=' || second === '==') return first === third
    if (second === '!=') return first !== third
    const compare = COMPARISONS[second]
    return compare?.(Number(first), Number(third)) ?? false
  }
  if (first === '-z') return second === ''
  if (first === '-n') return second !== ''
  const entry = entryAt(second, around)
  if (first === '-e' || first === '-r') return entry !== undefined
  if (first === '-f') return entry?.type === '-'
  if (first === '-d') return entry?.type === 'd'
  if (first === '-S') return entry?.type === 's'
  if (first === '-s') return (entry?.text ?? '') !== ''
  return args.length === 1 && first !== ''
}

const COMPARISONS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '-eq': (a, b) => a === b,
  '-ne': (a, b) => a !== b,
  '-gt': (a, b) => a > b,
  '-ge': (a, b) => a >= b,
  '-lt': (a, b) => a < b,
  '-le': (a, b) => a <= b,
}

const named = (id: number): string => (id === 0 ? '0(root)' : String(id))

/** Every program by name. */
export const PROGRAMS: Readonly<Record<string, Program>> = {
  ls,
  env,
  printenv,
  cd,
  grep,
  wc,
  test,
  '[': test,
  cat: (args, stdin, around) =>
    eachFile('cat', { args: args.filter((arg) => !/^-[a-z]/.test(arg)), stdin, around }, (text) => text),
  head: end('head', (lines, count) => lines.slice(0, count)),
  tail: end('tail', (lines, count) => (count === 0 ? [] : lines.slice(-count))),
  echo: (args) => {
    const plain = args[0] === '-n' || args[0] === '-e' ? args.slice(1) : args
    const text = args[0] === '-e' ? plain.join(' ').replace(/\\n/g, '\n').replace(/\\t/g, '\t') : plain.join(' ')
    return said(args[0] === '-n' ? text : `${text}\n`)
  },
  printf: ([format = '', ...args]) => {
    let at = 0
    return said(
      format.replace(/%[sd]|\\n|\\t/g, (part) => (part === '\\n' ? '\n' : part === '\\t' ? '\t' : (args[at++] ?? ''))),
    )
  },
  hostname: (_, __, { hostname }) => said(`${hostname}\n`),
  pwd: (_, __, { directory }) => said(`${directory}\n`),
  date: (_, __, { now }) => said(`${now}\n`),
  true: () => said(''),
  ':': () => said(''),
  false: () => ({ stdout: '', stderr: '', exitCode: 1 }),
  // Simplified: no time passes while a program runs in a container.
  sleep: () => said(''),
  id: (args, _, { uid, gid }) => {
    if (args.includes('-u')) return said(`${uid}\n`)
    if (args.includes('-g')) return said(`${gid}\n`)
    return said(`uid=${named(uid)} gid=${named(gid)} groups=${named(gid)}\n`)
  },
  whoami: (_, __, { uid }) => (uid === 0 ? said('root\n') : failed(`whoami: unknown uid ${uid}`)),
  uname: (args, _, { hostname }) =>
    said(
      args.includes('-a')
        ? `Linux ${hostname} 6.1.0-41-amd64 #1 SMP x86_64 GNU/Linux\n`
        : args.includes('-r')
          ? '6.1.0-41-amd64\n'
          : args.includes('-n')
            ? `${hostname}\n`
            : 'Linux\n',
    ),
  ps: (_, __, { processes }) =>
    said(
      [
        'PID   USER     TIME  COMMAND',
        ...processes.map(
          ({ pid, user, command }) => `${String(pid).padStart(5)} ${(user || '1000').padEnd(8)}  0:00 ${command}`,
        ),
      ]
        .map((line) => `${line}\n`)
        .join(''),
    ),
  which: (args) => {
    const found = args.filter((name) => Object.hasOwn(PROGRAMS, name) || name === 'sh')
    return {
      stdout: found.map((name) => `/bin/${name}\n`).join(''),
      stderr: '',
      exitCode: found.length === args.length ? 0 : 1,
    }
  },
  exit: ([code], _, around) => {
    around.exited = true
    return { stdout: '', stderr: '', exitCode: code === undefined ? around.lastExitCode : Number(code) & 255 }
  },
  export: (args, _, around) => {
    for (const arg of args) {
      const [name = '', ...value] = arg.split('=')
      if (arg.includes('=')) around.environment.set(name, value.join('='))
    }
    return said('')
  },
}
