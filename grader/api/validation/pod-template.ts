// A Pod template inside a workload. Upstream: ValidatePodTemplateSpec of pkg/apis/core/validation/validation.go.
import type { PodTemplateSpec } from '../core.ts'
import { type FieldError, forbidden } from '../field-error.ts'
import { child, type FieldPath } from '../field-path.ts'
import { validateLabels } from './label-selector.ts'
import { validateAnnotations } from './object-meta.ts'
import { validatePodAnnotations, validateProfilesMatch } from './pod-annotations.ts'
import { type PodRules, TEMPLATE_RULES } from './pod-rules.ts'
import { validatePodSpec } from './pod-spec.ts'

/** Labels, annotations and spec of the template. Errors name `labels` and `annotations` without `metadata`. */
export function validatePodTemplate(
  template: PodTemplateSpec,
  path: FieldPath,
  rules: PodRules = TEMPLATE_RULES,
): readonly FieldError[] {
  const { labels, annotations } = template.metadata ?? {}
  const spec = child(path, 'spec')
  const errors: FieldError[] = []
  if (labels !== undefined) errors.push(...validateLabels(labels, child(path, 'labels')))
  if (annotations !== undefined) errors.push(...validateAnnotations(annotations, child(path, 'annotations')))
  errors.push(...validatePodAnnotations(annotations, template.spec, child(path, 'annotations'), rules))
  errors.push(...validatePodSpec(template.spec, '', spec, rules))
  errors.push(...validateProfilesMatch(annotations, template.spec, spec))
  if ((template.spec.ephemeralContainers ?? []).length === 0) return errors
  return [...errors, forbidden(child(spec, 'ephemeralContainers'), 'ephemeral containers not allowed in pod template')]
}
