import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { formatYaml } from '../../grader/kubectl/print/yaml.ts'

describe('a value in YAML, as sigs.k8s.io/yaml writes it', () => {
  it.each([
    ['plain words stay bare', 'hello world', 'hello world\n'],
    ['what reads as a boolean is quoted', 'yes', '"yes"\n'],
    ['what reads as a number is quoted', '1', '"1"\n'],
    ['what reads as a time is quoted', '2026-01-01T00:00:00Z', '"2026-01-01T00:00:00Z"\n'],
    ['an empty text is quoted', '', '""\n'],
    ['a colon and a blank need single quotes', 'a: b', "'a: b'\n"],
    ['a quote inside single quotes is doubled', "'a", "'''a'\n"],
    ['a leading indicator needs single quotes', '*', "'*'\n"],
    ['a colon without a blank stays bare', 'a:b', 'a:b\n'],
    ['tabs need double quotes', 'a\tb', '"a\\tb"\n'],
    ['an image stays bare', 'registry.example/agent:1', 'registry.example/agent:1\n'],
    ['a base-60 number is quoted', '1:30', '"1:30"\n'],
    ['an empty map and list', { a: {}, b: [] }, 'a: {}\nb: []\n'],
    ['lists are not indented', { a: ['x', { b: 1, c: [1] }] }, 'a:\n- x\n- b: 1\n  c:\n  - 1\n'],
    ['a list of lists', [[1, 2], []], '- - 1\n  - 2\n- []\n'],
    ['lines become a literal block', { a: 'x\ny\n' }, 'a: |\n  x\n  y\n'],
    ['without a last newline it is stripped', { a: 'x\ny' }, 'a: |-\n  x\n  y\n'],
    ['with more newlines they are kept', { a: 'x\n\n' }, 'a: |+\n  x\n\n'],
    ['numbers in keys count by their value', { a10: 1, a2: 2, B: 3 }, 'B: 3\na2: 2\na10: 1\n'],
  ])('%s', (_name, value, text) => {
    expect(formatYaml(value)).toBe(text)
    expect(parse(formatYaml(value), { version: '1.1' })).toEqual(value)
  })
  it('long texts break at the first blank behind column 80', () => {
    const text = `container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:${'x'.repeat(9)} uninitialized`
    expect(formatYaml({ m: text })).toBe(
      `m: 'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady\n  message:xxxxxxxxx uninitialized'\n`,
    )
  })
})
