import { expect, test } from 'vitest'
import { fieldHelpAt, suggestionsAt } from '../../src/worker/field-help.ts'

const HEAD = 'apiVersion: apps/v1\nkind: DaemonSet\nmetadata:\n  name: agent\n'

/** Asks at the end of the text, or where `▮` stands in it. */
function at<T>(text: string, ask: (text: string, line: number, column: number) => T): T {
  const offset = text.includes('▮') ? text.indexOf('▮') : text.length
  const before = text.slice(0, offset).split('\n')
  return ask(text.replace('▮', ''), before.length, (before.at(-1)?.length ?? 0) + 1)
}
const labels = (text: string) => at(text, suggestionsAt).map(({ label }) => label)

test('the fields of a DaemonSet spec are offered, the required ones first', () => {
  expect(labels(`${HEAD}spec:\n  `)).toEqual([
    ...['selector', 'template', 'minReadySeconds', 'revisionHistoryLimit', 'updateStrategy'],
  ])
})

test('a field that stands there already is not offered again', () => {
  expect(labels(`${HEAD}spec:\n  ▮\n  selector: {}\n  minReadySeconds: 3\n`)).toEqual([
    ...['template', 'revisionHistoryLimit', 'updateStrategy'],
  ])
})

test.each([
  ['inside an item', 'spec:\n  template:\n    spec:\n      tolerations:\n      - key: gpu\n        '],
  ['inside an indented item', 'spec:\n  template:\n    spec:\n      tolerations:\n        - key: gpu\n          '],
  ['in a half-typed name', 'spec:\n  template:\n    spec:\n      tolerations:\n      - key: gpu\n        op'],
])('the fields of a toleration are offered %s', (_, text) => {
  expect(labels(HEAD + text)).toEqual(['effect', 'operator', 'tolerationSeconds', 'value'])
})

test('a list without an item yet gets a dash with its first field', () => {
  const [first] = at(`${HEAD}spec:\n  template:\n    spec:\n      tolerations:\n        `, suggestionsAt)
  expect(first).toMatchObject({ label: 'effect', insert: '- effect: ' })
})

test('a second item starts anew', () => {
  expect(
    labels(
      `${HEAD}spec:\n  template:\n    spec:\n      tolerations:\n      - key: gpu\n        operator: Exists\n      - `,
    ),
  ).toContain('key')
})

test.each([
  ['operator: ', ['Equal', 'Exists', 'Gt', 'Lt']],
  ['effect: No', ['NoExecute', 'NoSchedule', 'PreferNoSchedule']],
  ['key: ', []],
])('%j is followed by the values that the API server takes', (text, values) => {
  expect(labels(`${HEAD}spec:\n  template:\n    spec:\n      tolerations:\n      - ${text}`)).toEqual(values)
})

test('kinds and versions are offered in an empty document', () => {
  expect(labels('')).toEqual(['apiVersion', 'kind', 'metadata'])
  expect(labels('apiVersion: apps/v1\nkind: ')).toContain('DaemonSet')
  expect(labels('kind: DaemonSet\napiVersion: ')).toEqual(['apps/v1'])
})

test('each document of a file has its own kind', () => {
  const text = `${HEAD}---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  `
  expect(labels(text)).toContain('containers')
})

test.each([
  ['a comment', `${HEAD}spec: # sel`],
  ['a block text', 'apiVersion: v1\nkind: ConfigMap\ndata:\n  a: |\n    sp'],
  ['a label', `${HEAD}  labels:\n    ap`],
  ['flow style', `${HEAD}spec: {sel`],
])('nothing is offered in %s', (_, text) => {
  expect(labels(text)).toEqual([])
})

test('objects and lists open on the next line, lists as this text indents them', () => {
  const spec = `${HEAD}spec:\n  template:\n    spec:\n      containers:\n`
  const insertOf = (text: string) => at(text, suggestionsAt).find(({ label }) => label === 'tolerations')?.insert
  expect(insertOf(`${spec}      - name: a\n      ▮`)).toBe('tolerations:\n      - ')
  expect(insertOf(`${spec}        - name: a\n      ▮`)).toBe('tolerations:\n        - ')
})

test('a field says its type, whether it is required, and what it is', () => {
  const help = at(`${HEAD}spec:\n  template:\n    spec:\n      toler▮ations:\n      - key: gpu\n`, fieldHelpAt)
  expect(help).toMatchObject({ name: 'tolerations', detail: '[]Toleration', isRequired: false, from: 7, to: 18 })
  expect(help?.text).toMatch(/tolerations/)
  expect(at(`${HEAD}spec:\n  sel▮ector:\n`, fieldHelpAt)?.isRequired).toBe(true)
  expect(at(`${HEAD}spec:\n  repl▮icas: 3\n`, fieldHelpAt)).toBeUndefined()
})
