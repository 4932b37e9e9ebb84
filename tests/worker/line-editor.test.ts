import { expect, test } from 'vitest'
import { complete, EMPTY_LINE, edit, insert } from '../../src/islands/terminal/line-editor.ts'

const typed = (text: string) => insert(EMPTY_LINE, text)
const after = (text: string, ...keys: readonly string[]) =>
  keys.reduce((line, key) => edit(line, key, []) ?? line, typed(text)).text

test.each([
  ['Backspace takes the character before the cursor', ['\x7f'], 'kubectl get pod'],
  ['Ctrl+W takes the word before the cursor', ['\x17'], 'kubectl get '],
  ['Ctrl+U takes everything before the cursor', ['\x15'], ''],
  ['Ctrl+K at the start takes everything', ['\x01', '\x0b'], ''],
  ['Delete behind the last character takes nothing', ['\x1b[3~'], 'kubectl get pods'],
])('%s', (_, keys, text) => {
  expect(after('kubectl get pods', ...keys)).toBe(text)
})

test('what is typed goes where the cursor stands', () => {
  const line = edit(typed('k pods'), '\x1b[1;5D', []) ?? EMPTY_LINE
  expect(insert(line, 'get ')).toMatchObject({ text: 'k get pods', cursor: 6 })
})

test('earlier lines come back, and the one being typed after them', () => {
  const history = ['k get ds', 'k get pods']
  const once = edit(typed('k ge'), '\x1b[A', history)!
  const twice = edit(once, '\x1b[A', history)!
  expect([once.text, twice.text, edit(twice, '\x1b[A', history)!.text]).toEqual(['k get pods', 'k get ds', 'k get ds'])
  const back = edit(edit(twice, '\x1b[B', history)!, '\x1b[B', history)!
  expect(back).toMatchObject({ text: 'k ge', back: 0 })
})

test('one candidate is completed with its blank, several as far as they agree', () => {
  expect(complete(typed('k get po'), 'po', ['pods']).text).toBe('k get pods ')
  expect(complete(typed('k get p'), 'p', ['poddisruptionbudgets', 'pods']).text).toBe('k get pod')
  expect(complete(typed('k get -o jso'), 'jso', ['jsonpath=']).text).toBe('k get -o jsonpath=')
  const open = typed('k get pod')
  expect(complete(open, 'pod', ['poddisruptionbudgets', 'pods'])).toBe(open)
})
