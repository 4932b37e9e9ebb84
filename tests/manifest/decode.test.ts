import { describe, expect, it } from 'vitest'
import { decodeManifest, spanOfField } from '../../grader/manifest/decode.ts'
import { createSource, offsetAt, positionAt, rangeOf } from '../../grader/manifest/source.ts'

const AGENT = `apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: agent
  labels:
    app.kubernetes.io/name: agent
spec:
  selector:
    matchLabels: {app: agent}
  template:
    metadata:
      labels: &labels
        app: agent
    spec:
      tolerations:
      - key: gpu
        operator: Exists
      containers:
      - name: agent
        image: registry.example/agent:1
`

const read = (text: string) => decodeManifest(createSource('ds.yaml', text))
const marked = (text: string) =>
  read(text).diagnostics.map(({ code, span }) => [code, text.slice(span.start, span.end)])

describe('what is wrong with a text is told with its place', () => {
  it.each([
    [
      'an unknown field',
      AGENT.replace('spec:\n  selector', 'spec:\n  replicas: 3\n  selector'),
      [['UnknownField', 'replicas']],
    ],
    ['another case', AGENT.replace('tolerations:', 'Tolerations:'), [['WrongCase', 'Tolerations']]],
    ['a wrong type', AGENT.replace('image: registry.example/agent:1', 'image: 5'), [['WrongType', '5']]],
    [
      'a quantity',
      AGENT.replace('image:', 'resources: {limits: {cpu: much}}\n        image:'),
      [['InvalidValue', 'much']],
    ],
    ['a wrong kind', AGENT.replace('kind: DaemonSet', 'kind: Daemonset'), [['UnknownKind', 'Daemonset']]],
    ['an old group', AGENT.replace('apps/v1', 'extensions/v1beta1'), [['WrongApiVersion', 'extensions/v1beta1']]],
    [
      'a kind that is not simulated',
      'apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: a}\n',
      [['KindNotSimulated', 'StatefulSet']],
    ],
    [
      'an old group of such a kind',
      'apiVersion: apps/v1beta1\nkind: StatefulSet\n',
      [['WrongApiVersion', 'apps/v1beta1']],
    ],
    ['a key twice', AGENT.replace('  name: agent', '  name: agent\n  name: other'), [['DuplicateKey', 'name']]],
    ['a tab', AGENT.replace('  name: agent', '\tname: agent'), [['TabIndent', 'name: agent']]],
    [
      'a template',
      AGENT.replace('registry.example/agent:1', '{{ .Values.image }}'),
      [['TemplateNotRendered', '{{ .Values.image }}']],
    ],
    ['no kind', AGENT.replace('kind: DaemonSet\n', ''), [['MissingField', expect.stringContaining('apiVersion')]]],
    ['nothing wrong', AGENT, []],
    ['an empty file', '', []],
    ['a text', 'hello', [['WrongType', 'hello']]],
  ] as const)('%s', (_, text, expected) => {
    expect(marked(text)).toEqual(expected)
  })
  it('with what was meant', () => {
    expect(read(AGENT.replace('tolerations:', 'toleration:')).diagnostics[0]).toMatchObject({
      path: 'spec.template.spec.toleration',
      params: { field: 'toleration', parent: 'spec.template.spec', suggestion: 'tolerations' },
      kubernetes: 'strict decoding error: unknown field "spec.template.spec.toleration"',
    })
    const misplaced = AGENT.replace('        image:', '        tolerations: []\n        image:')
    expect(read(misplaced).diagnostics[0]!.params.elsewhere).toBe('spec.template.spec.tolerations')
    expect(read(AGENT.replace('DaemonSet', 'DeamonSet')).diagnostics[0]!.params.suggestion).toBe('DaemonSet')
  })
  it('a text that is too large is not read', () => {
    expect(read(`a: ${'x'.repeat(2_000_000)}`).diagnostics.map(({ code }) => code)).toEqual(['TooLarge'])
  })
})

describe('a field has its place in the text', () => {
  const object = read(AGENT).objects[0]!
  const textAt = (path: string): string => {
    const span = spanOfField(object, path)
    return AGENT.slice(span.start, span.end)
  }
  it.each([
    ['spec.template.spec.tolerations[0].key', 'key'],
    ['spec.selector.matchLabels[app]', 'app'],
    ['metadata.labels[app.kubernetes.io/name]', 'app.kubernetes.io/name'],
    ['metadata.labels.app.kubernetes.io/name', 'app.kubernetes.io/name'],
    ['spec.template.spec.containers[0].image', 'image'],
    ['spec.template.spec.tolerations[0]', 'key: gpu\n        operator: Exists'],
    ['spec.template.spec.tolerations[0].value', 'key: gpu\n        operator: Exists'],
    ['spec.template.spec.nodeSelector', 'spec'],
  ])('%s', (path, text) => expect(textAt(path)).toBe(text))
  it('through aliases and merge keys', () => {
    const text = 'x: &x {name: a}\nmetadata:\n  <<: *x\n'
    const merged = read(text).objects[0]!
    const span = spanOfField(merged, 'metadata.name')
    expect(text.slice(span.start, span.end)).toBe('name')
  })
  it('with Windows line ends, and in later documents', () => {
    const text = `# one\r\n---\r\n${AGENT.replaceAll('\n', '\r\n')}`
    const decoded = read(text)
    const source = createSource('ds.yaml', text)
    const range = rangeOf(source, spanOfField(decoded.objects[0]!, 'spec.template.spec.tolerations[0].key'))
    expect(range).toEqual({ line: 18, column: 9, endLine: 18, endColumn: 12 })
  })
  it('inside a List', () => {
    const text = `apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: a}\n  dat: {}\n`
    expect(marked(text)).toEqual([['UnknownField', 'dat']])
  })
})

it('offsets and positions are each other', () => {
  const source = createSource('f', 'ab\nc\n\nd')
  for (let offset = 0; offset <= source.text.length; offset++) {
    expect(offsetAt(source, positionAt(source, offset))).toBe(offset)
  }
  expect(positionAt(source, 99)).toEqual({ line: 4, column: 2 })
})
