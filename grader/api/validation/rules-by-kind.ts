// Which functions validate which kind. To add a kind: one file with its rules, one line here.
import type { FieldError } from '../field-error.ts'
import type { KubeObject } from '../meta.ts'
import { validateDaemonSet, validateDaemonSetStatusUpdate, validateDaemonSetUpdate } from './daemon-set.ts'
import { validatePod, validatePodStatusUpdate, validatePodUpdate } from './pod.ts'

export interface KindRules {
  create(object: KubeObject): readonly FieldError[]
  update(next: KubeObject, previous: KubeObject): readonly FieldError[]
  status?(next: KubeObject, previous: KubeObject): readonly FieldError[]
  warnings?(next: KubeObject, previous: KubeObject | undefined): readonly string[]
}

interface TypedRules<T extends KubeObject> {
  create(object: T): readonly FieldError[]
  update(next: T, previous: T): readonly FieldError[]
  status?(next: T, previous: T): readonly FieldError[]
  warnings?(next: T, previous: T | undefined): readonly string[]
}

// The server hands each function objects of its own kind only.
const rules = <T extends KubeObject>(typed: TypedRules<T>): KindRules => typed as unknown as KindRules

export const RULES_BY_KIND: Readonly<Record<string, KindRules>> = {
  DaemonSet: rules({
    create: validateDaemonSet,
    update: validateDaemonSetUpdate,
    status: validateDaemonSetStatusUpdate,
  }),
  Pod: rules({ create: validatePod, update: validatePodUpdate, status: validatePodStatusUpdate }),
}
