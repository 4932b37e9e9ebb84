// Clusters that no lab shows, made from the words of a lab and of its answer: taints, labels and sizes in other
// combinations. Two texts that behave alike in the lab's futures and here count as the same.
import type { Json, JsonObject } from '../api/meta.ts'
import type { Machine } from '../cluster/cluster-config.ts'
import { createRandom, type Random } from '../cluster/random.ts'
import type { World } from '../scenario/scenario.ts'
import type { Lab } from './lab.ts'

const EFFECTS = ['NoSchedule', 'NoExecute', 'PreferNoSchedule'] as const
const NODES = 8

interface Words {
  readonly labels: readonly (readonly [string, string])[]
  readonly taints: readonly { readonly key: string; readonly value: string }[]
  readonly disks: readonly Machine['disk'][]
}

/** The lab's objects and images with other nodes: one world in which each word stands alone, then so many of mixtures. Deterministic. */
export function generatedWorlds(lab: Lab, object: JsonObject, mixtures: number): readonly World[] {
  const words = wordsOf(lab, object)
  const mixed = Array.from({ length: mixtures }, (_, i) => {
    const random = createRandom(1000 + i)
    return { ...lab.world, nodes: Array.from({ length: NODES }, (_unused, n) => machine(`n-${n + 1}`, words, random)) }
  })
  return [{ ...lab.world, nodes: oneByOne(words) }, ...mixed]
}

const MOST_SINGLES = 40

/** A plain node, one for each taint with each effect, one for each label, one cordoned, one small. */
function oneByOne({ labels, taints }: Words): Machine[] {
  const tainted = taints.flatMap(({ key, value }) =>
    EFFECTS.map((effect) => ({ taints: [`${key}${value === '' ? '' : `=${value}`}:${effect}`] })),
  )
  const labelled = labels.map(([key, value]) => ({ labels: { [key]: value } }))
  const others = [{}, { unschedulable: true }, { cpu: '40m', memory: '48Mi' }]
  return [...others, ...tainted, ...labelled].slice(0, MOST_SINGLES).map((one, i) => ({ name: `n-${i + 1}`, ...one }))
}

function machine(name: string, words: Words, random: Random): Machine {
  const chance = (percent: number) => random.integer(100) < percent
  const pick = <T>(list: readonly T[]): T => list[random.integer(list.length)]!
  const labels = Object.fromEntries(words.labels.filter(() => chance(45)))
  const drawn =
    words.taints.length === 0
      ? []
      : Array.from({ length: random.integer(3) }, () => pick(words.taints)).map(
          ({ key, value }) => `${key}${value === '' ? '' : `=${value}`}:${pick(chance(70) ? [EFFECTS[0]] : EFFECTS)}`,
        )
  // A Node has one taint per key and effect.
  const taints = drawn.filter(
    (taint, i) => drawn.findIndex((other) => keyAndEffect(other) === keyAndEffect(taint)) === i,
  )
  const disk = words.disks.length === 0 ? undefined : pick(words.disks)
  return {
    name,
    labels,
    ...(taints.length === 0 ? {} : { taints }),
    ...(chance(20) ? { cpu: pick(['40m', '100m', 1]), memory: pick(['48Mi', '256Mi', '1Gi']) } : {}),
    ...(chance(12) ? { unschedulable: true } : {}),
    ...(disk === undefined ? {} : { disk }),
  }
}

function wordsOf(lab: Lab, object: JsonObject): Words {
  const machines = [
    ...lab.world.nodes,
    ...lab.timelines.flatMap(({ steps }) => steps.flatMap((step) => (step.type === 'join' ? [step.machine] : []))),
  ]
  const labels = new Map<string, Set<string>>()
  const addLabel = (key: string, value: string) =>
    void (labels.get(key) ?? labels.set(key, new Set()).get(key)!).add(value)
  const taints = new Map<string, { key: string; value: string }>()
  const addTaint = (key: string, value: string) => void (key !== '' && taints.set(`${key}=${value}`, { key, value }))
  for (const { labels: own = {}, taints: list = [] } of machines) {
    for (const [key, value] of Object.entries(own)) addLabel(key, value)
    for (const taint of list) {
      const [, key = '', value = ''] = /^([^=:]+)=?([^:]*):/.exec(taint) ?? []
      addTaint(key, value)
    }
  }
  collect(object, (key, item) => {
    if (key === 'tolerations')
      for (const toleration of item as readonly JsonObject[])
        addTaint(String(toleration.key ?? ''), String(toleration.value ?? ''))
    if (key === 'nodeSelector')
      for (const [name, value] of Object.entries(item as JsonObject)) addLabel(name, String(value))
    if (key === 'matchExpressions')
      for (const { key: name, values } of item as readonly {
        readonly key: string
        readonly values?: readonly string[]
      }[])
        for (const value of values ?? ['']) addLabel(name, value)
  })
  for (const { key } of [...taints.values()]) addTaint(key, 'another-value')
  addTaint('nodewise.dev/unheard-of', 'yes')
  for (const [key, values] of labels) if (values.size === 1) addLabel(key, 'another-value')
  return {
    labels: [...labels].flatMap(([key, values]) => [...values].map((value) => [key, value] as const)),
    taints: [...taints.values()],
    disks: machines.some(({ disk }) => disk !== undefined) ? machines.map(({ disk }) => disk) : [],
  }
}

function collect(value: Json, see: (key: string, value: Json) => void): void {
  if (Array.isArray(value)) for (const item of value as readonly Json[]) collect(item, see)
  else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      see(key, inner as Json)
      collect(inner as Json, see)
    }
  }
}

const keyAndEffect = (taint: string): string => taint.replace(/=[^:]*/, '')
