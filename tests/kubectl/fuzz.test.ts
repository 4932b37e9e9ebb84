import fc from 'fast-check'
import { expect, it } from 'vitest'
import { KUBECTL } from '../../grader/kubectl/commands.ts'
import { Failure } from '../../grader/kubectl/failure.ts'
import { evaluateJsonPath, findValues, printJsonPath } from '../../grader/kubectl/print/jsonpath.ts'
import { formatYaml } from '../../grader/kubectl/print/yaml.ts'
import { splitWords } from '../../grader/kubectl/words.ts'
import { DAEMON_SET, promptOf } from './small-cluster.ts'

const RUNS = { numRuns: 10_000 }
const object = {
  metadata: { name: 'x', labels: { 'a.b/c': '1' } },
  items: [{ n: 1, s: 'x' }, { n: 2 }, null],
  list: [[1], []],
  deep: { a: { b: { c: [] } } },
}

/** Only kubectl's own failures are answers. */
function answers(run: () => unknown): void {
  try {
    run()
  } catch (error) {
    expect(error).toBeInstanceOf(Failure)
  }
}

it('any line splits into words', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'ab \'"\\$#\n=-{}') }), (line) => Array.isArray(splitWords(line))),
    RUNS,
  )
})

const flagNames = [
  ...new Set(
    (KUBECTL.commands ?? [])
      .flatMap((c) => [c, ...(c.commands ?? [])])
      .flatMap((c) => (c.flags ?? []).map((f) => `--${f.name}`)),
  ),
]
const names = [...new Set((KUBECTL.commands ?? []).flatMap((c) => [c.name, ...(c.commands ?? []).map((s) => s.name)]))]
const word = fc.oneof(
  fc.constantFrom(...names),
  fc.constantFrom(...flagNames),
  fc.constantFrom(
    'ds',
    'pods',
    'nodes',
    'agent',
    'ds/agent',
    'w-1',
    'all',
    'ds,po',
    'a=b',
    'a-',
    'a=b:NoSchedule',
    '-f',
    'ds.yaml',
    '-o',
    'yaml',
    'wide',
    '-l',
    'app=agent',
    '-A',
    '-n',
    'x',
    '--',
    '--dry-run=client',
    '--timeout=1s',
    '-p',
    '{"spec":{}}',
    '',
    '-',
    '=',
    '--=',
    '-x=',
    '{.metadata.name}',
    'jsonpath={.items}',
    'custom-columns=A:.b',
  ),
  fc.string({ maxLength: 6 }),
)

it('any command line ends with an exit code', () => {
  const kubectl = promptOf()
  kubectl('kubectl apply -f ds.yaml')
  kubectl.settle()
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.array(word, { maxLength: 6 }), (name, rest) => {
      const result = kubectl('', { args: [name, ...rest], patienceSeconds: 1, stdin: DAEMON_SET })
      expect(Number.isInteger(result.exitCode)).toBe(true)
    }),
    RUNS,
  )
}, 120_000)

const pathText = fc
  .array(
    fc.constantFrom(
      '{',
      '}',
      '.',
      '..',
      '[',
      ']',
      '*',
      '?(',
      ')',
      '@',
      '$',
      '"',
      "'",
      'items',
      'n',
      'metadata',
      '0',
      '-1',
      ':',
      ',',
      '==',
      '<',
      'range ',
      'end',
      ' ',
      '\\',
      'x',
    ),
    { maxLength: 14 },
  )
  .map((parts) => parts.join(''))

it('any JSONPath is evaluated or refused', () => {
  fc.assert(
    fc.property(pathText, fc.boolean(), (text, allow) => {
      answers(() => printJsonPath(text, object, allow))
      answers(() => evaluateJsonPath(`{${text}}`, object, allow))
      answers(() => findValues(text, object))
    }),
    RUNS,
  )
})

it('any custom columns are printed or refused', () => {
  const kubectl = promptOf()
  fc.assert(
    fc.property(pathText, (text) => {
      expect(kubectl('', { args: ['get', 'nodes', '-o', `custom-columns=A:${text}`] }).exitCode).toBeLessThan(2)
    }),
    RUNS,
  )
}, 60_000)

it('any JSON value becomes YAML', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => typeof formatYaml(value) === 'string'),
    RUNS,
  )
})
