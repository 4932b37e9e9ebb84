import type { FieldPath } from '../api/field-path.ts'

/** The template's field that became the Pod's field: `spec.containers[0].image` → `spec.template.spec.containers[0].image`. */
export function toTemplatePath(podPath: FieldPath): FieldPath {
  return podPath.startsWith('spec.template.') ? podPath : `spec.template.${podPath}`
}
