import { describe, expect, it } from 'vitest'
import { Failure } from '../../grader/kubectl/failure.ts'
import { printJsonPath } from '../../grader/kubectl/print/jsonpath.ts'

const object = {
  kind: 'List',
  items: [
    {
      metadata: { name: 'a', labels: { 'kubernetes.io/os': 'linux' } },
      status: { n: 1, ready: true },
      list: [1, 2, 3],
    },
    { metadata: { name: 'b' }, status: { n: 2, ready: false }, list: [] },
  ],
}

describe('a JSONPath template', () => {
  it.each([
    ['{.items[*].metadata.name}', 'a b'],
    ['{.items[0].metadata.name}', 'a'],
    ['{.items[-1].metadata.name}', 'b'],
    ['{.items[0:1].metadata.name}', 'a'],
    ['{.items[0].list[::2]}', '1 3'],
    ['{.items[*].list}', '[1,2,3] []'],
    ['{.items[1].list[*]}', ''],
    ['{.items[?(@.status.n==2)].metadata.name}', 'b'],
    ['{.items[?(@.metadata.name!="a")].metadata.name}', 'b'],
    ['{.items[?(@.metadata.labels)].metadata.name}', 'a'],
    ['{.items[*].metadata.labels.kubernetes\\.io/os}', 'linux'],
    ["{.items[0].metadata.labels['kubernetes\\.io/os']}", 'linux'],
    ["{.items[*]['metadata.name','status.n']}", 'a b 1 2'],
    ['{range .items[*]}{.metadata.name}{"\\t"}{.status.ready}{"\\n"}{end}', 'a\ttrue\nb\tfalse\n'],
    ['{range .items[*]}[{range .list[*]}{@}{end}]{end}', '[123][]'],
    ['{..name}', 'a b'],
    ['{.nope}', ''],
    ['kind is {.kind}', 'kind is List'],
    ['{@.kind}', 'List'],
    ['{$.kind}', 'List'],
  ])('%s', (template, text) => {
    expect(printJsonPath(template, object, true)).toBe(text)
  })
  it.each([
    ['{.items[5]}', 'array index out of bounds: index 5, length 2'],
    ['{.kind[0]}', 'string is not array or slice'],
  ])('%s cannot be executed', (template, message) => {
    expect(() => printJsonPath(template, object, true)).toThrow(
      `error executing jsonpath "${template}": Error executing template: ${message}. Printing more`,
    )
  })
  it.each([
    ['{.items', 'unclosed action'],
    ['{.items[}', 'unterminated array'],
  ])('%s cannot be parsed', (template, message) => {
    expect(() => printJsonPath(template, object, true)).toThrow(
      new Failure([{ type: 'text', text: `error parsing jsonpath ${template}, ${message}` }]),
    )
  })
})
