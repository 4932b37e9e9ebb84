import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseJson } from '../../grader/api/json.ts'
import type { JsonObject } from '../../grader/api/meta.ts'
import { decodeObject } from '../../grader/api/schema/decode.ts'
import { decodeManifest, spanOfField } from '../../grader/manifest/decode.ts'
import { readAsKubectl } from '../../grader/manifest/kubectl-documents.ts'
import { createSource } from '../../grader/manifest/source.ts'

const BASE = `apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec:
      containers:
      - name: agent
        image: "i"
        command: [a, 'b']
`
const PIECES = [
  'a',
  ': ',
  ':',
  '- ',
  '-',
  '\n',
  '\n  ',
  '\n    ',
  '\t',
  '{',
  '}',
  '[',
  ']',
  ',',
  '"',
  "'",
  '|',
  '>',
  '&a ',
  '*a',
  '!',
  '!!int ',
  '#',
  '?',
  '? ',
  '---\n',
  '...\n',
  '%',
  '<<: ',
  '\\',
  '{{',
  '}}',
  '\r\n',
  '\u2028',
  '\ufeff',
  '\u0000',
  'é',
  '😀',
  '1',
  'null',
  'y',
  'apiVersion',
  'kind: DaemonSet',
  'spec',
]

const snippet = fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }).map((parts) => parts.join(''))
const mutated = fc
  .tuple(fc.nat(BASE.length), fc.nat(6), snippet)
  .map(([at, cut, text]) => BASE.slice(0, at) + text + BASE.slice(at + cut))
const anyText = fc.oneof(snippet, mutated, fc.string({ unit: 'binary', maxLength: 60 }))
const seed = 20261121

it('no text makes the reader or the decoder throw', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const decoded = decodeManifest(createSource('f', text))
      for (const { span } of decoded.diagnostics) {
        expect(span.start).toBeGreaterThanOrEqual(0)
        expect(span.end).toBeLessThanOrEqual(text.length + 1)
        expect(span.end).toBeGreaterThanOrEqual(span.start)
      }
      for (const object of decoded.objects) spanOfField(object, 'spec.template.spec.containers[0].image')
      readAsKubectl(text, 'f')
    }),
    { numRuns: 10_000, seed },
  )
}, 60_000)

it('JSON is read as JSON.parse reads it, and refused where it refuses', () => {
  const text = fc.oneof(
    fc.json(),
    fc
      .json()
      .chain((json) =>
        fc
          .tuple(fc.nat(json.length), fc.constantFrom(...PIECES))
          .map(([at, piece]) => json.slice(0, at) + piece + json.slice(at + 1)),
      ),
  )
  fc.assert(
    fc.property(text, (body) => {
      const parsed = parseJson(body)
      const trailing = parsed.type === 'value' ? body.slice(parsed.end).replace(/^[ \t\r\n]+/, '') : ''
      let expected: unknown
      try {
        expected = JSON.parse(body)
      } catch {
        expect(parsed.type !== 'value' || trailing !== '').toBe(true)
        return
      }
      expect(parsed.type === 'value' && JSON.stringify(parsed.value)).toBe(JSON.stringify(expected))
    }),
    { numRuns: 5_000, seed },
  )
}, 60_000)

it('no body makes the decoder throw, and decoding twice changes nothing', () => {
  const key = fc.constantFrom(
    'metadata',
    'spec',
    'template',
    'containers',
    'name',
    'labels',
    'tolerations',
    'key',
    'resources',
    'limits',
    'cpu',
    'ports',
    'containerPort',
    'creationTimestamp',
    'x',
    '__proto__',
    'updateStrategy',
    'rollingUpdate',
    'maxSurge',
  )
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom(null, true, 0, 1.5, -1, 3e9, '', '5', '100m', '1Gi', 'x', '2024-01-01T00:00:00Z'),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(key, tie('value'), { maxKeys: 4 }),
    ),
  }))
  fc.assert(
    fc.property(fc.dictionary(key, value), (body) => {
      const decoded = decodeObject({ apiVersion: 'apps/v1', kind: 'DaemonSet', ...body } as JsonObject)!
      if (decoded.error !== undefined) return
      const again = decodeObject(decoded.object)!
      expect(again.strictErrors).toEqual([])
      expect(again.object).toBe(decoded.object)
    }),
    { numRuns: 10_000, seed },
  )
}, 60_000)
