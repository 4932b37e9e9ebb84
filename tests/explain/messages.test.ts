import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { formatReason, lessonOf, MESSAGE_CODES } from '../../grader/explain/messages.ts'
import { explainTextFault, TEXT_LESSONS } from '../../grader/explain/text-messages.ts'

const FORBIDDEN = /\b(just|simply|obviously|oops|illegal|I|we|our)\b/i
const LONG = 'a-node-name-of-a-usual-length-1'
const params = {
  taint: 'nvidia.com/gpu=present:NoSchedule',
  differs: 'value',
  key: 'topology.kubernetes.io/zone',
  operator: 'In',
  values: 'a,b,c',
  actual: 'd',
  wanted: 'ssd',
  requested: 2000,
  used: 500,
  allocatable: 4000,
  resource: 'cpu',
  port: 9100,
  holder: 'web/web-1',
  container: 'agent',
  exitCode: 1,
  image: 'registry.example/agent:1',
  volume: 'sock',
  unavailable: 1,
  budget: 1,
  blockers: 'w-1,w-2,w-3,w-4',
  by: 'db-1',
  seconds: 60,
  threshold: 12500,
  topologyKey: 'zone',
  maxSkew: 1,
  reason: 'OutOfcpu',
}
const context = { daemonSet: 'node-agent', node: LONG, line: 42 }
const words = (text: string) => text.split(/\s+/).length

describe('sentences', () => {
  it.each(MESSAGE_CODES.map((code) => [code]))('%s: at most 60 words, whole sentences, no forbidden word', (code) => {
    for (const reason of [{ code, params }, { code }]) {
      const text = formatReason(reason, context)
      expect(words(text)).toBeLessThanOrEqual(60)
      expect(text).toMatch(/^[A-Z`].*\.$/s)
      expect(text).not.toMatch(FORBIDDEN)
      expect(text).not.toMatch(/undefined|null/)
    }
  })

  it.each(
    Object.keys(TEXT_LESSONS)
      .filter((code) => !['SelectorMismatch', 'ImmutableField'].includes(code))
      .map((code) => [code]),
  )('%s: at most 60 words, no forbidden word', (code) => {
    const text = explainTextFault(code, {
      field: 'toleration',
      parent: 'spec.template.spec',
      suggestion: 'tolerations',
      elsewhere: 'spec.template.spec',
      wanted: 'array',
      found: 'string',
      value: 'x',
      kind: 'DaemonSet',
      problem: 'mapping values are not allowed in this context',
    })
    expect(words(text)).toBeLessThanOrEqual(60)
    expect(text).not.toMatch(FORBIDDEN)
    expect(text).toMatch(/Next: /)
  })

  it('each code leads to a lesson that exists or is planned', () => {
    const lessons = readdirSync('content/lessons')
    for (const code of [...MESSAGE_CODES, ...Object.keys(TEXT_LESSONS)]) {
      const lesson = lessonOf(code) ?? ''
      expect(lesson).toMatch(/^(0[1-9]|1[0-5])-[a-z-]+$/)
      const written = lessons.find((name) => name.startsWith(lesson.slice(0, 3)))
      if (written !== undefined) expect(lesson).toBe(written)
    }
  })

  it('every code that the cluster records has a sentence', () => {
    const recorded = new Set(
      walk('grader/cluster').flatMap((file) =>
        [...readFileSync(file, 'utf8').matchAll(/\bcode: '([A-Z][A-Za-z]+)'/g)].map((match) => match[1]!),
      ),
    )
    expect([...recorded].filter((code) => !MESSAGE_CODES.includes(code)).sort()).toEqual([])
  })

  it('a code without a sentence shows Kubernetes’ words', () => {
    expect(formatReason({ code: 'Unheard', kubernetes: 'no such thing' }, context)).toBe('no such thing')
  })
})

function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? walk(path) : path.endsWith('.ts') ? [path] : []
  })
}
