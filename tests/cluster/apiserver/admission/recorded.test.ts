// What a real control plane's plugins said about recorded manifests, word for word.
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import type { JsonObject } from '../../../../grader/api/meta.ts'
import { daemonSets } from '../../../../grader/api/resource-table.ts'
import { type World, wholeObject, whyRefused, worldOf } from './world.ts'

const ROOT = new URL('../../../conformance/', import.meta.url)

interface Step {
  readonly run?: string
  readonly err?: readonly string[]
  readonly settle?: {
    readonly pods?: readonly unknown[]
    readonly events?: readonly string[]
    readonly eventsOnSomeNode?: readonly string[]
  }
}

interface Row {
  readonly id: string
  readonly title: string
  readonly bodies: readonly JsonObject[]
  /** Warnings of the apply, and why no Pod is made. */
  readonly warnings: readonly string[]
  readonly refusals: readonly string[]
}

const FAILED_CREATE = /^Warning FailedCreate DaemonSet\/\S+: Error creating: (.*)$/

const rows: readonly Row[] = ['admission', 'random-pod-security'].flatMap((group) =>
  readdirSync(new URL(`golden/${group}/`, ROOT)).map((file) => {
    const { title, steps } = JSON.parse(readFileSync(new URL(`golden/${group}/${file}`, ROOT), 'utf8')) as {
      title: string
      steps: readonly Step[]
    }
    const recorded = parse(readFileSync(new URL(`cases/${group}/${file.replace('.json', '.yaml')}`, ROOT), 'utf8')) as {
      files: Record<string, string>
    }
    const apply = steps.findIndex(({ run = '' }) => run.startsWith('kubectl apply'))
    const settled = steps.slice(apply).find(({ settle }) => settle !== undefined)?.settle
    const events = settled?.events ?? settled?.eventsOnSomeNode ?? []
    return {
      id: `${group}/${file}`,
      title,
      bodies: parseAllDocuments(recorded.files['ds.yaml']!).map((document) => document.toJS() as JsonObject),
      warnings: (steps[apply]!.err ?? [])
        .filter((line) => line.startsWith('Warning: '))
        .map((line) => line.slice('Warning: '.length)),
      refusals: events.flatMap((event) => FAILED_CREATE.exec(event)?.[1] ?? []),
    }
  }),
)

/** The Pod that a DaemonSet controller asks for; recordings show its generated letters as `<pod>`. */
function podOf(template: JsonObject): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...(template.metadata as JsonObject), generateName: 'agent-', namespace: 'agents' },
    spec: template.spec as JsonObject,
  }
}

/** What the creation of Pods answers, two Pods long: a quota may have room for one. */
function refusalsOf(world: World, pod: JsonObject): readonly string[] {
  const texts: string[] = []
  for (const suffix of ['a', 'b']) {
    const named = { ...pod, metadata: { ...(pod.metadata as JsonObject), name: `agent-${suffix}` } }
    const late = whyRefused(world.create(named))
    const early = whyRefused(world.create(pod))
    if (early === undefined) world.put(named)
    // A plugin of the first phase speaks before there is a name.
    else texts.push(isEarly(early) ? early : late!.replace(`"agent-${suffix}"`, '"agent-<pod>"'))
  }
  return [...new Set(texts)]
}

const isEarly = (text: string): boolean => /service account|PriorityClass/.test(text)

describe('admission as recorded', () => {
  it.each(rows)('$id: $title', ({ bodies, warnings, refusals }) => {
    const world = worldOf(...bodies.filter(({ kind }) => kind !== 'DaemonSet'))
    const daemonSet = bodies.find(({ kind }) => kind === 'DaemonSet')!
    const applied = world.create(daemonSet)
    expect('refused' in applied ? applied.refused : (applied.warnings ?? [])).toEqual(warnings)
    const { object } = wholeObject(daemonSet)
    expect(wholeObject(daemonSet).resource).toBe(daemonSets)
    const { template } = (object as unknown as { readonly spec: { readonly template: JsonObject } }).spec
    expect(refusalsOf(world, podOf(template))).toEqual(refusals)
  })
})
