import { describe, expect, it } from 'vitest'
import { parseJson, parseJsonBody } from '../../grader/api/json.ts'

describe('broken JSON is refused in the words of Go', () => {
  it.each([
    ['', 'unexpected end of JSON input'],
    ['{"spec":', 'unexpected end of JSON input'],
    ['{a: 1}', "invalid character 'a' looking for beginning of object key string"],
    ['{"a" 1}', "invalid character '1' after object key"],
    ['{"a": 1 "b": 2}', "invalid character '\"' after object key:value pair"],
    ['{"a": 1,}', "invalid character '}' looking for beginning of object key string"],
    ['[1 2]', "invalid character '2' after array element"],
    ['[1,]', "invalid character ']' looking for beginning of value"],
    ['nul', 'unexpected end of JSON input'],
    ['nux', "invalid character 'x' in literal null (expecting 'l')"],
    ['01', "invalid character '1' after top-level value"],
    ['1.x', "invalid character 'x' after decimal point in numeric literal"],
    ['-', 'unexpected end of JSON input'],
    ['-x', "invalid character 'x' in numeric literal"],
    ['1ex', "invalid character 'x' in exponent of numeric literal"],
    ['"a\nb"', "invalid character '\\n' in string literal"],
    ['"\\q"', "invalid character 'q' in string escape code"],
    ['"\\u12g4"', "invalid character 'g' in \\u hexadecimal character escape"],
    ['{} x', "invalid character 'x' after top-level value"],
    ["'a'", "invalid character '\\'' looking for beginning of value"],
  ])('%j', (text, error) => {
    expect(parseJsonBody(text)).toMatchObject({ type: 'error', error })
  })
})

it('keys that occur twice are told, the last one counts', () => {
  const parsed = parseJson('{"a": {"b": 1, "b": 2}, "c": 3}')
  expect(parsed.type === 'value' && parsed.value).toEqual({ a: { b: 2 }, c: 3 })
  expect(parsed.type === 'value' && [...parsed.duplicates.values()]).toEqual([['b']])
})

it('values are what JSON.parse makes of them', () => {
  const text = '{"s":"\\u00e4\\n\\"\\/","n":[-1.5e3,0,1E2],"t":true,"f":false,"z":null,"o":{}, "l":[ ]}'
  const parsed = parseJsonBody(text)
  expect(parsed.type === 'value' && parsed.value).toEqual(JSON.parse(text))
})
