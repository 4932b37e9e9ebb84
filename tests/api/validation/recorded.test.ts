// What a real control plane said about manifests, against our validation: every text, in order.
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { defaultObject } from '../../../grader/api/defaults/defaults.ts'
import { formatFieldError } from '../../../grader/api/field-error.ts'
import type { JsonObject, KubeObject } from '../../../grader/api/meta.ts'
import { resourceOfKind } from '../../../grader/api/resource-table.ts'
import { decodeObject } from '../../../grader/api/schema/decode.ts'
import { validateCreate } from '../../../grader/api/validation/validation.ts'

const ROOT = new URL('../../conformance/', import.meta.url)
const foldBlanks = (text: string): string => text.replace(/ +/g, ' ').trim()

interface Step {
  readonly run?: string
  readonly exit?: number
  readonly out?: readonly string[]
  readonly err?: readonly string[]
}

interface Verdict {
  readonly name: string
  readonly kind: string
  readonly errors: readonly string[]
}

/** `The DaemonSet "agent" is invalid: …`, one text behind it or one per line. */
function refusalsIn(lines: readonly string[]): readonly Verdict[] {
  const found: { name: string; kind: string; errors: string[] }[] = []
  for (const line of lines) {
    const head = /^The (\w+) "(.*?)" is invalid:(.*)$/.exec(line)
    if (head !== null)
      found.push({ kind: head[1]!, name: head[2]!, errors: head[3]!.trim() === '' ? [] : [head[3]!.trim()] })
    else if (line.startsWith('* ')) found[found.length - 1]?.errors.push(line.slice(2))
  }
  return found
}

function verdictOf(body: JsonObject): Verdict | undefined {
  const decoded = decodeObject(body)
  const resource = resourceOfKind(String(body.apiVersion), String(body.kind))
  if (decoded === undefined || resource === undefined || decoded.error !== undefined || decoded.strictErrors.length > 0)
    return undefined
  const object = defaultObject(resource, decoded.object as unknown as KubeObject)
  const placed = {
    ...object,
    metadata: { ...(resource.namespaced ? { namespace: 'default' } : {}), ...object.metadata },
  }
  const texts = validateCreate(resource, placed).map((error) => foldBlanks(formatFieldError(error)))
  return { kind: resource.kind, name: object.metadata.name ?? '', errors: [...new Set(texts)] }
}

interface Row {
  readonly id: string
  readonly title: string
  readonly bodies: readonly JsonObject[]
  readonly refused: readonly Verdict[]
}

const rows: Row[] = ['validation', 'random-validation', 'admission', 'random-pod-security'].flatMap((group) =>
  readdirSync(new URL(`golden/${group}/`, ROOT)).flatMap((file) => {
    const golden = JSON.parse(readFileSync(new URL(`golden/${group}/${file}`, ROOT), 'utf8')) as {
      title: string
      steps: Step[]
    }
    const text = readFileSync(new URL(`cases/${group}/${file.replace('.json', '.yaml')}`, ROOT), 'utf8')
    const files = (parseAllDocuments(text)[0]!.toJS() as { files?: Record<string, string> }).files ?? {}
    const step = golden.steps.find(({ run = '' }) => /^kubectl (apply|create) -f \S+$/.test(run))
    const manifest = files[step?.run?.split(' ').at(-1) ?? '']
    const speaks = step?.exit === 0 || (step?.err ?? []).some((line) => line.includes('is invalid:'))
    if (manifest === undefined || !speaks) return []
    const documents = parseAllDocuments(manifest, { version: '1.1' })
    const bodies = documents.map((document) => document.toJS() as JsonObject).filter((body) => body !== null)
    return [
      {
        id: `${group}/${file.replace('.json', '')}`,
        title: golden.title,
        bodies,
        refused: refusalsIn(step?.err ?? []),
      },
    ]
  }),
)

test('the recordings hold refused and accepted manifests', () => {
  expect(rows.filter((row) => row.refused.length > 0).length).toBeGreaterThan(30)
  expect(rows.filter((row) => row.refused.length === 0).length).toBeGreaterThan(20)
})

test.each(rows)('$id: $title', ({ bodies, refused }) => {
  const ours = bodies.map(verdictOf).filter((verdict) => verdict !== undefined && verdict.errors.length > 0)
  expect(ours).toEqual(refused)
})
