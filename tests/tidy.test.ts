// The house rules that a machine can check. A new rule arrives with its line here.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')

interface Source {
  readonly path: string
  readonly text: string
  readonly imports: readonly string[]
}

function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return entry.name === 'node_modules' || entry.name === 'generated' ? [] : walk(path)
    return [path]
  })
}

const sources: readonly Source[] = ['grader', 'src', 'tests']
  .flatMap((folder) => walk(join(root, folder)))
  .filter((path) => /\.(ts|tsx)$/.test(path) && statSync(path).size < 2_000_000)
  .map((path) => {
    const text = readFileSync(path, 'utf8')
    const imports = [
      ...text.matchAll(/^(?:import|export)\b[^'"]*?from\s+['"]([^'"]+)['"]/gms),
      ...text.matchAll(/\bimport\(['"]([^'"]+)['"]\)/g),
    ]
    return { path: relative(root, path), text, imports: imports.map((match) => match[1]!) }
  })
const grader = sources.filter((source) => source.path.startsWith('grader/'))
const site = sources.filter((source) => source.path.startsWith('src/'))

/** Folder → folders of grader/ it may import besides itself. house-style.md parts 1 and 2. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  api: [],
  manifest: ['api'],
  cluster: ['api'],
  kubectl: ['api', 'manifest'],
  scenario: ['api', 'manifest', 'cluster', 'kubectl'],
  explain: ['api', 'manifest', 'cluster'],
  grading: ['api', 'manifest', 'cluster', 'scenario', 'explain', 'kubectl'],
  http: ['api', 'cluster', 'manifest'],
  'http-node': ['http', 'index.ts'],
  cli: ['index.ts', 'http-node'],
  workshop: ['index.ts', 'http-node'],
}

const PURE = ['api', 'manifest', 'cluster', 'kubectl', 'scenario', 'explain', 'grading']
const folderOf = (path: string): string => path.split('/')[1] ?? ''

/** The only importers of each library. */
const LIBRARIES: Readonly<Record<string, (path: string) => boolean>> = {
  yaml: (path) => path === 'grader/manifest/parse.ts' || path.startsWith('tests/'),
  xstate: (path) =>
    path.startsWith('grader/cluster/lifecycles/') || path.startsWith('src/islands/') || path.startsWith('tests/'),
  zod: (path) =>
    path === 'grader/grading/lab-schema.ts' || path.startsWith('src/progress/') || path === 'src/content.config.ts',
  '@marcbachmann/cel-js': (path) => path === 'grader/grading/cel.ts',
  commander: (path) => path.startsWith('grader/cli/'),
}

function importsOf(source: Source): { readonly inside: string[]; readonly packages: string[] } {
  const inside: string[] = []
  const packages: string[] = []
  for (const specifier of source.imports) {
    if (specifier.startsWith('.')) inside.push(normalize(join(dirname(source.path), specifier)))
    else packages.push(specifier)
  }
  return { inside, packages }
}

describe('who may import whom', () => {
  it('grader folders import only what the house style lists', () => {
    const wrong = grader.flatMap((source) => {
      const from = folderOf(source.path)
      if (from === 'index.ts') return []
      return importsOf(source)
        .inside.filter((path) => path.startsWith('grader/'))
        .filter((path) => folderOf(path) !== from && !(MAY_IMPORT[from] ?? []).includes(folderOf(path)))
        .map((path) => `${source.path} → ${path}`)
    })
    expect(wrong).toEqual([])
  })

  it('no part of the cluster imports a controller, the scheduler or the kubelets', () => {
    const standard = grader.find((source) => source.path === 'grader/cluster/standard-cluster.ts')!
    const components = importsOf(standard).inside.filter((path) => /\/(controllers|scheduler|kubelet)\//.test(path))
    expect(components.length).toBeGreaterThan(5)
    const wrong = grader
      .filter((source) => source !== standard)
      .flatMap((source) =>
        importsOf(source)
          .inside.filter((path) => components.includes(path))
          .map((path) => `${source.path} → ${path}`),
      )
    expect(wrong).toEqual([])
  })

  it('explain/ takes only types from the cluster', () => {
    const wrong = grader
      .filter((source) => source.path.startsWith('grader/explain/'))
      .flatMap((source) =>
        [...source.text.matchAll(/^import (?!type)[^\n]*from '\.\.\/cluster\/[^']+'/gm)].map(
          (match) => `${source.path}: ${match[0]}`,
        ),
      )
    expect(wrong).toEqual([])
  })

  it('the site enters the grader through its one door', () => {
    const wrong = site.flatMap((source) =>
      importsOf(source)
        .inside.filter((path) => path.startsWith('grader/') && path !== 'grader/index.ts')
        .map((path) => `${source.path} → ${path}`),
    )
    expect(wrong).toEqual([])
  })

  it('each library has its few importers', () => {
    const wrong = sources.flatMap((source) =>
      importsOf(source)
        .packages.filter((name) => LIBRARIES[name] !== undefined && !LIBRARIES[name](source.path))
        .map((name) => `${source.path} → ${name}`),
    )
    expect(wrong).toEqual([])
  })

  it('no import cycles between files of the grader', () => {
    const edges = new Map(grader.map((source) => [source.path, runtimeImports(source)]))
    expect(findCycle(edges)).toEqual([])
  })
})

/** Imports that survive type stripping. */
function runtimeImports(source: Source): string[] {
  const statements = [...source.text.matchAll(/^(?:import|export)\s+(?!type\b)([^'"]*?)from\s+['"](\.[^'"]+)['"]/gms)]
  return statements
    .filter((match) => !/^\{(\s*type [^,}]+,?)+\s*\}\s*$/.test(match[1]!.trim()))
    .map((match) => normalize(join(dirname(source.path), match[2]!)))
}

function findCycle(edges: ReadonlyMap<string, readonly string[]>): string[] {
  const state = new Map<string, 'open' | 'done'>()
  const path: string[] = []
  const visit = (node: string): string[] | undefined => {
    if (state.get(node) === 'done') return undefined
    if (state.get(node) === 'open') return [...path.slice(path.indexOf(node)), node]
    state.set(node, 'open')
    path.push(node)
    for (const next of edges.get(node) ?? []) {
      const cycle = visit(next)
      if (cycle !== undefined) return cycle
    }
    path.pop()
    state.set(node, 'done')
    return undefined
  }
  for (const node of edges.keys()) {
    const cycle = visit(node)
    if (cycle !== undefined) return cycle
  }
  return []
}

describe('what the pure folders leave alone', () => {
  const banned: readonly (readonly [string, RegExp])[] = [
    ['Date', /\bnew Date\b|\bDate\.(now|parse|UTC)\b/],
    ['Math.random', /\bMath\.random\b/],
    ['timers', /\bset(Timeout|Interval|Immediate)\s*\(/],
    ['performance', /\bperformance\./],
    ['crypto', /\bcrypto\.|from 'node:crypto'/],
    ['Intl', /\bIntl\.|\.toLocale[A-Z]/],
    ['localeCompare', /\.localeCompare\(/],
    ['console', /\bconsole\./],
    ['process', /\bprocess\.(env|argv|exit|cwd|stdout|stderr|hrtime|memoryUsage)\b/],
    ['fetch', /(?<![.\w])fetch\(/],
    ['async', /\basync\s+(function|\()|\bawait\s/],
    ['node modules', /from 'node:/],
  ]
  for (const [name, pattern] of banned) {
    it(`no ${name}`, () => {
      const wrong = grader
        .filter((source) => PURE.includes(folderOf(source.path)))
        .filter((source) => pattern.test(withoutComments(source.text)))
      expect(wrong.map((source) => source.path)).toEqual([])
    })
  }
})

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:'"`])\/\/.*$/gm, '$1')
}

describe('shape of the code', () => {
  it('no file is longer than 400 lines', () => {
    const long = sources.filter(
      (source) =>
        !/\/(schema|generated|strings)\/|^grader\/api\/core\.ts$/.test(source.path) &&
        !source.path.startsWith('tests/') &&
        source.text.split('\n').length > 401,
    )
    expect(long.map((source) => `${source.path}: ${source.text.split('\n').length}`)).toEqual([])
  })

  it('no grab-bag file names', () => {
    const bags = sources.filter((source) => /\/(utils?|helpers?|common|types|misc)\.tsx?$/.test(source.path))
    expect(bags.map((source) => source.path)).toEqual([])
  })

  it('no enum, no default export, no @ts-ignore, no skipped or focused test', () => {
    const patterns = [
      /^\s*(export )?(const )?enum /m,
      /^export default /m,
      /@ts-(ignore|nocheck)/,
      /\b(it|test|describe)\.(skip|todo|only|fixme)\b/,
    ]
    const wrong = sources
      .filter((source) => source.path !== 'tests/tidy.test.ts')
      .filter((source) => patterns.some((pattern) => pattern.test(source.text)))
    expect(wrong.map((source) => source.path)).toEqual([])
  })

  it('relative imports name their file with its ending', () => {
    const wrong = sources.flatMap((source) =>
      source.imports
        .filter((specifier) => specifier.startsWith('.') && !/\.(ts|tsx|css|json|astro|mjs)(\?\w+)?$/.test(specifier))
        .map((specifier) => `${source.path} → ${specifier}`),
    )
    expect(wrong).toEqual([])
  })
})
