// Strategies of apps/v1. Upstream: pkg/registry/apps/{daemonset,deployment,replicaset}/strategy.go.

import type { DaemonSet } from '../../../api/apps.ts'
import { deepEqual } from '../../../api/compare.ts'
import type { KubeObject } from '../../../api/meta.ts'
import { type Draft, fieldDiffers, keep, raiseGeneration, type Strategy, workload } from './strategy.ts'

/** Where apps/v1 shows the template's own generation, which is no field of it any more. */
export const TEMPLATE_GENERATION = 'deprecated.daemonset.template.generation'

const EMPTY_DAEMON_SET_STATUS = {
  currentNumberScheduled: 0,
  numberMisscheduled: 0,
  desiredNumberScheduled: 0,
  numberReady: 0,
}

/** Text of the conversion error for an annotation that is no number, or undefined. Upstream: strconv.ParseInt. */
export function templateGenerationProblem(annotation: string | undefined): string | undefined {
  if (annotation === undefined || /^[+-]?[0-9]{1,18}$/.test(annotation)) return undefined
  return `strconv.ParseInt: parsing ${JSON.stringify(annotation)}: invalid syntax`
}

function setTemplateGeneration(draft: Draft, generation: number): void {
  const text = String(generation)
  if (draft.metadata.annotations?.[TEMPLATE_GENERATION] === text) return
  draft.metadata.annotations = { ...draft.metadata.annotations, [TEMPLATE_GENERATION]: text }
}

const templateGenerationOf = (object: { readonly metadata: Draft['metadata'] | KubeObject['metadata'] }): number =>
  Number(object.metadata.annotations?.[TEMPLATE_GENERATION] ?? 0)

export const daemonSetStrategy: Strategy = {
  prepareForCreate(draft) {
    draft.metadata.generation = 1
    draft.status = EMPTY_DAEMON_SET_STATUS
    setTemplateGeneration(draft, Math.max(1, templateGenerationOf(draft)))
  },
  prepareForUpdate(draft, old) {
    keep(draft, old, 'status')
    const before = old as DaemonSet
    const after = draft as unknown as DaemonSet
    const templateChanged = !deepEqual(after.spec?.template, before.spec.template)
    setTemplateGeneration(draft, templateGenerationOf(old) + (templateChanged ? 1 : 0))
    if (templateChanged || !deepEqual(after.spec, before.spec)) raiseGeneration(draft, old)
  },
  prepareForStatusUpdate: (draft, old) => setTemplateGeneration(draft, templateGenerationOf(old)),
}

export const deploymentStrategy: Strategy = {
  prepareForCreate(draft) {
    draft.metadata.generation = 1
    draft.status = {}
  },
  prepareForUpdate(draft, old) {
    keep(draft, old, 'status')
    // Annotations are copied to ReplicaSets, so a change of them asks for work, too.
    const changed = fieldDiffers(draft, old, 'spec') || !deepEqual(draft.metadata.annotations, old.metadata.annotations)
    if (changed) raiseGeneration(draft, old)
  },
  prepareForStatusUpdate(draft, old) {
    if (old.metadata.labels === undefined) delete draft.metadata.labels
    else draft.metadata.labels = old.metadata.labels
  },
}

export const replicaSetStrategy: Strategy = workload({ replicas: 0 })
