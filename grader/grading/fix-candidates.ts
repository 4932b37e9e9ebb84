// What a small change could be: edits from a grammar over the fields that decide where and how daemon Pods run, filled
// with the words of the cluster (taints, labels, names) and of the text. Nothing here is known to help: each is played.
import type { JsonObject } from '../api/meta.ts'
import type { Edit } from './grade.ts'
import { valueAt } from './json-edit.ts'
import type { Lab } from './lab.ts'

const SPEC = 'spec.template.spec'
const TOLERATIONS = `${SPEC}.tolerations`
const TERMS = `${SPEC}.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms`
const ROLLING = 'spec.updateStrategy.rollingUpdate'

interface Vocabulary {
  readonly taints: readonly { readonly key: string; readonly value: string; readonly effect: string }[]
  readonly labels: readonly (readonly [string, string])[]
}

/** The toleration of everything: it helps in most labs and is rarely what was meant. */
export function isBlanket({ value }: Edit): boolean {
  return JSON.stringify(value) === '{"operator":"Exists"}'
}

/** Single edits of one object, likely ones first, none twice. */
export function fixCandidates(lab: Lab, object: JsonObject): readonly Edit[] {
  const words = vocabularyOf(lab)
  const edits =
    object.kind === 'DaemonSet'
      ? [
          ...tolerationEdits(object, words),
          ...selectorEdits(object, words),
          ...strategyEdits(object),
          ...podEdits(object),
          ...nameEdits(lab, object),
        ]
      : kindEdits(object)
  const seen = new Set<string>()
  return edits.filter((edit) => {
    const key = JSON.stringify(edit)
    const changes = edit.op !== 'replace' || JSON.stringify(valueAt(object, edit.path)) !== JSON.stringify(edit.value)
    return changes && !seen.has(key) && seen.add(key)
  })
}

function vocabularyOf(lab: Lab): Vocabulary {
  const machines = [
    ...lab.world.nodes,
    ...lab.timelines.flatMap(({ steps }) => steps.flatMap((step) => (step.type === 'join' ? [step.machine] : []))),
  ]
  const taints = machines
    .flatMap(({ taints: list = [] }) => list)
    .flatMap((text) => {
      const [, key, value = '', effect] = /^([^=:]+)=?([^:]*):(.+)$/.exec(text) ?? []
      return key === undefined || effect === undefined ? [] : [{ key, value, effect }]
    })
  const labels = machines.flatMap(({ labels: own = {} }) => Object.entries(own))
  const unique = <T>(items: readonly T[]) => [...new Map(items.map((item) => [JSON.stringify(item), item])).values()]
  return { taints: unique(taints), labels: unique(labels) }
}

function tolerationEdits(object: JsonObject, { taints }: Vocabulary): Edit[] {
  const list = valueAt(object, TOLERATIONS)
  const tolerations = Array.isArray(list) ? (list as readonly JsonObject[]) : []
  const keys = [...new Map(taints.map(({ key, effect }) => [`${key}:${effect}`, { key, effect }])).values()]
  const changed = tolerations.flatMap((toleration, i): Edit[] => {
    const path = `${TOLERATIONS}[${i}]`
    const related = keys.filter(({ key }) => key === toleration.key)
    const exists = {
      key: toleration.key ?? '',
      operator: 'Exists',
      ...(toleration.effect === undefined ? {} : { effect: toleration.effect }),
    }
    return [
      ...(toleration.key === undefined ? [] : [{ op: 'replace' as const, path, value: exists }]),
      ...related.map(({ effect }): Edit => ({ op: 'replace', path: `${path}.effect`, value: effect })),
      ...taints
        .filter(({ key }) => key === toleration.key)
        .map(({ value }): Edit => ({ op: 'replace', path: `${path}.value`, value })),
      ...keys
        .filter(({ key }) => key !== toleration.key)
        .map(({ key }): Edit => ({ op: 'replace', path: `${path}.key`, value: key })),
      ...(toleration.value === undefined ? [] : [{ op: 'remove' as const, path: `${path}.value` }]),
      ...(toleration.effect === undefined ? [] : [{ op: 'remove' as const, path: `${path}.effect` }]),
      ...(toleration.tolerationSeconds === undefined
        ? []
        : [{ op: 'remove' as const, path: `${path}.tolerationSeconds` }]),
      { op: 'remove', path },
    ]
  })
  const added = keys.map(
    ({ key, effect }): Edit => ({ op: 'add', path: `${TOLERATIONS}/-`, value: { key, operator: 'Exists', effect } }),
  )
  const blanket: Edit[] =
    tolerations.length === 0
      ? []
      : keys.map(({ key, effect }) => ({
          op: 'replace',
          path: TOLERATIONS,
          value: [{ key, operator: 'Exists', effect }],
        }))
  return [...changed, ...added, ...blanket, { op: 'add', path: `${TOLERATIONS}/-`, value: { operator: 'Exists' } }]
}

function selectorEdits(object: JsonObject, { labels }: Vocabulary): Edit[] {
  const selector = Object.keys((valueAt(object, `${SPEC}.nodeSelector`) ?? {}) as JsonObject)
  const edits: Edit[] = selector.flatMap((key) => [
    { op: 'remove' as const, path: `${SPEC}.nodeSelector[${key}]` },
    ...labels
      .filter(([name]) => name === key)
      .map(([, value]): Edit => ({ op: 'replace', path: `${SPEC}.nodeSelector[${key}]`, value })),
  ])
  if (selector.length > 1) edits.push({ op: 'remove', path: `${SPEC}.nodeSelector` })
  if (valueAt(object, `${SPEC}.affinity`) !== undefined)
    edits.push({ op: 'remove', path: `${SPEC}.affinity` }, ...expressionEdits(object, labels))
  else {
    for (const [key, value] of labels) {
      const expression = { key, operator: 'NotIn', values: [value] }
      edits.push({
        op: 'add',
        path: `${SPEC}.affinity`,
        value: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [expression] }] },
          },
        },
      })
    }
  }
  if (selector.length === 0)
    for (const [key, value] of labels) edits.push({ op: 'add', path: `${SPEC}.nodeSelector`, value: { [key]: value } })
  return [...edits, { op: 'remove', path: `${SPEC}.nodeName` }].filter(
    ({ op, path }) => op !== 'remove' || valueAt(object, path) !== undefined,
  ) as Edit[]
}

function expressionEdits(object: JsonObject, labels: Vocabulary['labels']): Edit[] {
  const terms = valueAt(object, TERMS)
  if (!Array.isArray(terms)) return []
  return (terms as readonly { readonly matchExpressions?: readonly JsonObject[] }[]).flatMap(
    ({ matchExpressions = [] }, t) =>
      matchExpressions.flatMap((expression, e): Edit[] => {
        const path = `${TERMS}[${t}].matchExpressions[${e}]`
        const values = labels.filter(([key]) => key === expression.key).map(([, value]) => value)
        const withValues = ['In', 'NotIn']
          .filter((operator) => operator !== expression.operator)
          .map(
            (operator): Edit => ({
              op: 'replace',
              path,
              value: {
                key: expression.key ?? '',
                operator,
                values: (expression.values ?? values) as readonly string[],
              },
            }),
          )
        const without = ['Exists', 'DoesNotExist'].map(
          (operator): Edit => ({ op: 'replace', path, value: { key: expression.key ?? '', operator } }),
        )
        const more = Array.isArray(expression.values)
          ? values.map((value): Edit => ({ op: 'add', path: `${path}.values/-`, value }))
          : []
        return [...withValues, ...without, ...more, { op: 'remove', path }]
      }),
  )
}

function strategyEdits(object: JsonObject): Edit[] {
  const type = valueAt(object, 'spec.updateStrategy.type')
  const whole = (value: JsonObject): Edit => ({
    op: valueAt(object, 'spec.updateStrategy') === undefined ? 'add' : 'replace',
    path: 'spec.updateStrategy',
    value,
  })
  const surge: Edit = whole({ type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } })
  if (type === 'OnDelete') return [{ op: 'replace', path: 'spec.updateStrategy.type', value: 'RollingUpdate' }, surge]
  const single: Edit[] =
    valueAt(object, ROLLING) === undefined
      ? []
      : [
          { op: 'replace', path: `${ROLLING}.maxUnavailable`, value: 1 },
          { op: 'replace', path: `${ROLLING}.maxUnavailable`, value: 0 },
        ]
  return [
    ...single,
    ...(valueAt(object, `${ROLLING}.maxSurge`) === undefined
      ? []
      : [{ op: 'remove' as const, path: `${ROLLING}.maxSurge` }]),
    surge,
    whole({ type: 'OnDelete' }),
  ]
}

function podEdits(object: JsonObject): Edit[] {
  const containers = valueAt(object, `${SPEC}.containers`)
  const edits: Edit[] = [
    'hostNetwork',
    'hostPID',
    'hostIPC',
    'serviceAccountName',
    'priorityClassName',
    'runtimeClassName',
    'topologySpreadConstraints',
    'securityContext',
  ].map((field) => ({ op: 'remove', path: `${SPEC}.${field}` }))
  const count = Array.isArray(containers) ? containers.length : 0
  for (let i = 0; i < count; i++) {
    const path = `${SPEC}.containers[${i}]`
    for (const [name, small] of [
      ['cpu', '50m'],
      ['memory', '64Mi'],
    ] as const)
      if (valueAt(object, `${path}.resources.requests.${name}`) !== undefined)
        edits.push({ op: 'replace', path: `${path}.resources.requests.${name}`, value: small })
    edits.push(
      { op: 'remove', path: `${path}.resources` },
      { op: 'remove', path: `${path}.resources.limits.memory` },
      { op: 'remove', path: `${path}.securityContext` },
      { op: 'remove', path: `${path}.readinessProbe` },
    )
    const ports = valueAt(object, `${path}.ports`)
    if (Array.isArray(ports))
      ports.forEach((_, n) => void edits.push({ op: 'remove', path: `${path}.ports[${n}].hostPort` }))
  }
  const volumes = valueAt(object, `${SPEC}.volumes`)
  if (Array.isArray(volumes))
    volumes.forEach((_, n) => void edits.push({ op: 'remove', path: `${SPEC}.volumes[${n}].hostPath.type` }))
  const labels = valueAt(object, 'spec.selector.matchLabels')
  if (typeof labels === 'object' && labels !== null)
    edits.push({
      op: 'replace',
      path: 'spec.template.metadata.labels',
      value: {
        ...(valueAt(object, 'spec.template.metadata.labels') as JsonObject | undefined),
        ...(labels as JsonObject),
      },
    })
  return edits.filter(({ op, path }) => op !== 'remove' || valueAt(object, path) !== undefined)
}

/** Names that the lab's goals and starter use. */
function nameEdits(lab: Lab, object: JsonObject): Edit[] {
  const names = new Set(
    lab.goals.flatMap(({ require }) =>
      [...require.matchAll(/(?:daemonSet|readyPods|daemonPods|hasPod|runningOn|unavailable|revision)\('([^']+)'/g)].map(
        (match) => match[1]!.split('/').pop()!,
      ),
    ),
  )
  const namespace = valueAt(object, 'metadata.namespace')
  const edits: Edit[] = [...names].map((name) => ({ op: 'replace', path: 'metadata.name', value: name }))
  return [
    ...edits,
    { op: namespace === undefined ? 'add' : 'replace', path: 'metadata.namespace', value: lab.namespace },
  ]
}

function kindEdits(object: JsonObject): Edit[] {
  if (object.kind !== 'Deployment' && object.kind !== 'StatefulSet') return []
  return [
    { op: 'replace', path: 'kind', value: 'DaemonSet' },
    { op: 'remove', path: 'spec.replicas' },
  ]
}
