// The files that a shell can see: absolute paths, each a directory or a file with its text.

export interface FileEntry {
  /** As the first letter of `ls -l`: directory, plain file, socket, character or block device. */
  readonly type: 'd' | '-' | 's' | 'c' | 'b'
  readonly text: string
  readonly mode?: number
}

export interface FileTree {
  get(path: string): FileEntry | undefined
  /** Names in a directory, in order. */
  list(path: string): readonly string[]
  /** Puts a file there, with the directories above it. */
  add(path: string, entry: FileEntry): void
}

export const DIRECTORY: FileEntry = { type: 'd', text: '' }
export const file = (text: string): FileEntry => ({ type: '-', text })

/** A tree with the given files and the directories above them. */
export function createFileTree(files: Iterable<readonly [string, FileEntry]> = []): FileTree {
  const entries = new Map<string, FileEntry>([['/', DIRECTORY]])
  const children = new Map<string, Set<string>>([['/', new Set()]])
  const add = (path: string, entry: FileEntry) => {
    if (path === '/') return
    const cut = path.lastIndexOf('/')
    const parent = cut <= 0 ? '/' : path.slice(0, cut)
    if (entries.get(parent)?.type !== 'd') add(parent, DIRECTORY)
    children.get(parent)!.add(path.slice(cut + 1))
    entries.set(path, entry)
    if (entry.type === 'd' && !children.has(path)) children.set(path, new Set())
  }
  for (const [path, entry] of files) add(path, entry)
  return {
    get: (path) => entries.get(path),
    list: (path) => [...(children.get(path) ?? [])].sort(),
    add,
  }
}

/** The absolute path, without `.`, `..` and doubled slashes. */
export function resolvePath(directory: string, path: string): string {
  const parts: string[] = []
  for (const part of (path.startsWith('/') ? path : `${directory}/${path}`).split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return `/${parts.join('/')}`
}
