import { expect, it } from 'vitest'
import { splitWords } from '../../grader/kubectl/words.ts'

it.each([
  ['a b  c', ['a', 'b', 'c']],
  [`patch ds x -p '{"a": "b c"}'`, ['patch', 'ds', 'x', '-p', '{"a": "b c"}']],
  ['a "b \\"c\\" d"', ['a', 'b "c" d']],
  ['a\\ b', ['a b']],
  ["x=''", ['x=']],
  ["'' a", ['', 'a']],
  [`$'a\\tb'`, ['a\tb']],
  ['a # comment', ['a']],
  ['a#b', ['a#b']],
  ['an "open quote', ['an', 'open quote']],
  ['', []],
])('a shell splits %s', (line, words) => {
  expect(splitWords(line)).toEqual(words)
})
