// Strategy of Jobs. Upstream: pkg/registry/batch/job/strategy.go.
import type { JobSpec } from '../../../api/batch.ts'
import { type Draft, type Strategy, workload } from './strategy.ts'

const CONTROLLER_UID = 'batch.kubernetes.io/controller-uid'
const JOB_NAME = 'batch.kubernetes.io/job-name'

/** A Job picks its own Pods by its uid, unless it says that it brings a selector. */
function generateSelector(draft: Draft): void {
  const spec = draft.spec as JobSpec | undefined
  if (spec?.template === undefined || spec.manualSelector === true) return
  const { name, uid } = draft.metadata
  const labels = {
    ...spec.template.metadata?.labels,
    'controller-uid': uid,
    'job-name': name,
    [CONTROLLER_UID]: uid,
    [JOB_NAME]: name,
  }
  const selector = spec.selector ?? {}
  draft.spec = {
    ...spec,
    selector: {
      ...selector,
      matchLabels: { ...selector.matchLabels, [CONTROLLER_UID]: selector.matchLabels?.[CONTROLLER_UID] ?? uid },
    },
    template: { ...spec.template, metadata: { ...spec.template.metadata, labels } },
  }
}

const base = workload({})

export const jobStrategy: Strategy = {
  ...base,
  // batch/v1 Jobs keep their Pods when deleted without a policy, for old clients' sake.
  orphansByDefault: true,
  prepareForCreate(draft) {
    generateSelector(draft)
    base.prepareForCreate?.(draft)
  },
}
