import { describe, expect, it } from 'vitest'
import { readAsKubectl } from '../../grader/manifest/kubectl-documents.ts'

describe('scalars mean what they mean in YAML 1.1, as kubectl reads it', () => {
  it.each([
    ['y', true],
    ['N', false],
    ['Yes', true],
    ['off', false],
    ['ON', true],
    ['yES', 'yES'],
    ['true', true],
    ['tRue', 'tRue'],
    ['~', null],
    ['null', null],
    ['', null],
    ['Null', null],
    ['nil', 'nil'],
    ['010', 8],
    ['0600', 384],
    ['08', 8],
    ['0o10', 8],
    ['0x1F', 31],
    ['0b101', 5],
    ['1_000', 1000],
    ['-5', -5],
    ['+5', 5],
    ['1:30', '1:30'],
    ['1.5', 1.5],
    ['1e3', 1000],
    ['.5', 0.5],
    ['1.', 1],
    ['1.2.3', '1.2.3'],
    ['100m', '100m'],
    ['2024-01-01', '2024-01-01'],
    ['2024-13-01', '2024-13-01'],
    ['"yes"', 'yes'],
    ["'010'", '010'],
    ['!!str 5', '5'],
    ['!!int "5"', 5],
    ['!!float 5', 5],
    ['!custom 5', '5'],
    ['<<', '<<'],
    ['[y, n]', [true, false]],
  ] as const)('%s', (text, value) => {
    expect(readAsKubectl(`a: ${text}\n`, 'f').objects).toEqual([{ a: value }])
  })
  it('keys become text', () => {
    expect(readAsKubectl('{1: a, true: b, 1.5: c, n: d, "x": e}', 'f').objects).toEqual([
      { 1: 'a', true: 'b', '1.5': 'c', false: 'd', x: 'e' },
    ])
  })
})

describe('block scalars', () => {
  it.each([
    ['a: |\n  x\n  y\n', 'x\ny\n'],
    ['a: |-\n  x\n', 'x'],
    ['a: |+\n  x\n\n', 'x\n\n'],
    ['a: >\n  x\n  y\n\n  z\n', 'x y\nz\n'],
    ['a: |2\n   x\n', ' x\n'],
    ['a: >-\n  x\n   y\n  z\n', 'x\n y\nz'],
    ['a: |\n  x', 'x\n'],
    ['a: "x\\ty \\\n  z"', 'x\ty z'],
    ['a: |\r\n  x\r\n  y\r\n', 'x\ny\n'],
    ["a: 'it''s'", "it's"],
    ['a: x\n  y\n\n  z', 'x y\nz'],
  ])('%j', (text, value) => {
    expect(readAsKubectl(text, 'f').objects).toEqual([{ a: value }])
  })
})

describe('anchors and merge keys', () => {
  it('an alias repeats the value', () => {
    expect(readAsKubectl('a: &x {b: 1}\nc: *x\n', 'f').objects).toEqual([{ a: { b: 1 }, c: { b: 1 } }])
  })
  it('a merge key brings keys in, later ones win', () => {
    expect(readAsKubectl('d: &d {b: 1, c: 2}\na:\n  <<: *d\n  b: 3\n', 'f').objects).toEqual([
      { a: { b: 3, c: 2 }, d: { b: 1, c: 2 } },
    ])
    expect(readAsKubectl('x: &x {b: 1}\ny: &y {b: 2, c: 2}\na:\n  <<: [*x, *y]\n', 'f').objects[0]).toMatchObject({
      a: { b: 1, c: 2 },
    })
  })
  it('a key that stands twice: the last one counts', () => {
    expect(readAsKubectl('a: 1\na: 2\n', 'f')).toEqual({ objects: [{ a: 2 }] })
  })
})

describe('a file may hold several documents', () => {
  it.each([
    ['a: 1\n---\nb: 2\n', [{ a: 1 }, { b: 2 }]],
    ['---\na: 1\n---\n', [{ a: 1 }]],
    ['# nothing\n', []],
    ['', []],
    ['---\n---\n# c\n---\na: 1', [{ a: 1 }]],
    ['a: 1\n--- # comment\nb: 2\n', [{ a: 1 }, { b: 2 }]],
    ['{"a": 1}\n{"b": [1, 2]}', [{ a: 1 }, { b: [1, 2] }]],
    ['{a: 1, b: [x]}', [{ a: 1, b: ['x'] }]],
    ['{"a": 1}\n---\nb: 2\n', [{ a: 1 }, { b: 2 }]],
    ['a: 1\r\n---\r\nb: 2\r\n', [{ a: 1 }, { b: 2 }]],
  ] as const)('%j', (text, objects) => {
    expect(readAsKubectl(text, 'f')).toEqual({ objects })
  })
})

describe('a text that kubectl cannot read gets its words', () => {
  const yaml = (text: string): string => `error parsing ds.yaml: error converting YAML to JSON: yaml: ${text}`
  it.each([
    ['a:\n\tb: 1\n', yaml('line 2: found character that cannot start any token')],
    ['a: {b: 1\nc: 2\n', yaml("line 1: did not find expected ',' or '}'")],
    ['a: b: c\n', yaml('mapping values are not allowed in this context')],
    ['x: 1\na: b: c\n', yaml('line 2: mapping values are not allowed in this context')],
    ['a: 1\nb\nc: 2\n', yaml("line 3: could not find expected ':'")],
    ['a:\n  - 1\n  b: 2\n', yaml("line 2: did not find expected '-' indicator")],
    ['a:\n  b: 1\n - c\n', yaml('line 2: did not find expected key')],
    ['a: "x\n', yaml('line 2: found unexpected end of stream')],
    ['a: [1, 2\n', yaml("line 1: did not find expected ',' or ']'")],
    ['a: -\n', yaml('block sequence entries are not allowed in this context')],
    ['a: - 1\n', yaml('block sequence entries are not allowed in this context')],
    ['a: *b\n', yaml("unknown anchor 'b' referenced")],
    ['a: &b [*b]\n', yaml("anchor 'b' value contains itself")],
    ['a: @x\n', yaml('found character that cannot start any token')],
    ['a: "\\q"\n', yaml('found unknown escape character')],
    ['a: {{ .x }}\n', yaml('invalid map key: map[interface {}]interface {}{".x":interface {}(nil)}')],
    ['a: !!int x\n', yaml('cannot decode !!str `x` as a !!int')],
    ['a: \u0001\n', yaml('control characters are not allowed')],
    ['%FOO x\n---\na: 1\n', yaml('found unknown directive name')],
    [
      '{{ x }}',
      "error parsing ds.yaml: json: offset 2: invalid character '{' looking for beginning of object key string",
    ],
    [
      '~: 1\n',
      'error parsing ds.yaml: error converting YAML to JSON: unsupported map key of type: %!s(<nil>), key: <nil>, value: 1',
    ],
    ['a: .nan\n', 'error parsing ds.yaml: error converting YAML to JSON: json: unsupported value: NaN'],
  ])('%j', (text, error) => {
    expect(readAsKubectl(text, 'ds.yaml').error).toBe(error)
  })
  it('what stands before the broken document is still sent', () => {
    const read = readAsKubectl('a: 1\n---\nb: [\n', 'ds.yaml')
    expect(read.objects).toEqual([{ a: 1 }])
    expect(read.error).toBeDefined()
  })
  it('an alias bomb ends soon', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]']
    for (let i = 1; i < 12; i++)
      lines.push(
        `a${i}: &a${i} [${Array(9)
          .fill(`*a${i - 1}`)
          .join(', ')}]`,
      )
    expect(readAsKubectl(lines.join('\n'), 'f').error).toMatch(/document contains excessive aliasing$/)
  })
})
