import { describe, expect, it } from 'vitest'
import { formatLabelSelector, formatSelector, labelSelectorMatches, selectorMatches } from '../../grader/api/labels.ts'
import { parseSelector } from '../../grader/api/selector-parser.ts'

describe('a selector of an object picks labels', () => {
  const ssd = { disk: 'ssd' }
  it.each([
    ['an empty selector picks everything', {}, ssd, true],
    ['no selector picks nothing', undefined, ssd, false],
    ['matchLabels wants the value', { matchLabels: { disk: 'ssd' } }, ssd, true],
    ['matchLabels refuses another value', { matchLabels: { disk: 'hdd' } }, ssd, false],
    [
      'In wants one of its values',
      { matchExpressions: [{ key: 'disk', operator: 'In', values: ['ssd', 'hdd'] }] },
      ssd,
      true,
    ],
    ['In fails without the label', { matchExpressions: [{ key: 'disk', operator: 'In', values: ['ssd'] }] }, {}, false],
    [
      'NotIn holds without the label',
      { matchExpressions: [{ key: 'disk', operator: 'NotIn', values: ['ssd'] }] },
      {},
      true,
    ],
    [
      'NotIn refuses a listed value',
      { matchExpressions: [{ key: 'disk', operator: 'NotIn', values: ['ssd'] }] },
      ssd,
      false,
    ],
    ['Exists wants the label', { matchExpressions: [{ key: 'disk', operator: 'Exists' }] }, ssd, true],
    ['DoesNotExist refuses it', { matchExpressions: [{ key: 'disk', operator: 'DoesNotExist' }] }, ssd, false],
    [
      'an unknown operator picks nothing',
      { matchExpressions: [{ key: 'disk', operator: 'Gt', values: ['1'] }] },
      ssd,
      false,
    ],
  ] as const)('%s', (_, selector, labels, expected) => {
    expect(labelSelectorMatches(selector, labels)).toBe(expected)
  })
})

describe('the text of a selector is read as kubectl reads it', () => {
  const rows: readonly [string, string, Readonly<Record<string, string>>, boolean][] = [
    ['a=b', 'a=b', { a: 'b' }, true],
    ['a==b', 'a==b', { a: 'c' }, false],
    ['a!=b', 'a!=b', {}, true],
    ['c in (y, x),!d , a', 'a,c in (x,y),!d', { a: '1', c: 'x' }, true],
    ['a notin (x)', 'a notin (x)', { a: 'x' }, false],
    ['a in ()', 'a in ()', { a: '' }, true],
    ['a=', 'a=', { a: '' }, true],
    ['a,b=', 'a,b=', { a: '1' }, false],
    ['a>5', 'a>5', { a: '6' }, true],
    ['a<5', 'a<5', { a: '6' }, false],
    ['in in (in)', 'in in (in)', { in: 'in' }, true],
    ['', '', { a: 'b' }, true],
  ]
  it.each(rows)('%j', (text, printed, labels, matches) => {
    const parsed = parseSelector(text)
    expect(parsed.ok && formatSelector(parsed.value)).toBe(printed)
    expect(parsed.ok && selectorMatches(parsed.value, labels)).toBe(matches)
  })
})

describe('a selector that does not parse is refused in upstream words', () => {
  it.each([
    ['a=b=c', "found '=', expected: ',' or 'end of string'"],
    ['a=b,', "found '', expected: identifier after ','"],
    [',a', "found ',', expected: !, identifier, or 'end of string'"],
    ['a in x', "unable to parse requirement: found 'x' expected: '('"],
    ['a in (x', "unable to parse requirement: found '', expected: ',' or ')'"],
    ['a b', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
    ['!a=b', "found '=', expected: ',' or 'end of string'"],
    [
      'a>b',
      "unable to parse requirement: values[0]: Invalid value: \"b\": for 'Gt', 'Lt' operators, the value must be an integer",
    ],
  ])('%j', (text, error) => {
    expect(parseSelector(text)).toEqual({ ok: false, error })
  })
  it('a key that is no label key', () => {
    const parsed = parseSelector('-a=b')
    expect(!parsed.ok && parsed.error).toMatch(
      /^unable to parse requirement: <nil>: Invalid value: "-a": name part must consist of/,
    )
  })
})

describe('kubectl prints the selector of an object', () => {
  it.each([
    [undefined, '<none>'],
    [{}, '<none>'],
    [{ matchLabels: { b: '2', a: '1' } }, 'a=1,b=2'],
    [
      {
        matchExpressions: [
          { key: 'a', operator: 'In', values: ['y', 'x'] },
          { key: 'b', operator: 'DoesNotExist' },
        ],
      },
      'a in (x,y),!b',
    ],
    [{ matchExpressions: [{ key: 'a', operator: 'Gt', values: ['1'] }] }, '<error>'],
  ] as const)('%j as %s', (selector, text) => {
    expect(formatLabelSelector(selector)).toBe(text)
  })
})
