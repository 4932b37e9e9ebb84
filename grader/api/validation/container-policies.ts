// When a container restarts on its own terms, and how it takes new resources. Upstream: validateContainerRestartPolicy
// and validateResizePolicy of pkg/apis/core/validation/validation.go.
import type { Container, PodSpec } from '../core.ts'
import { duplicate, type FieldError, invalid, required } from '../field-error.ts'
import { child, type FieldPath, index } from '../field-path.ts'
import { checkSupported, NONE, requireSupported } from './field-checks.ts'

/** restartPolicy and restartPolicyRules of a container. */
export function validateRestartRules(container: Container, path: FieldPath): readonly FieldError[] {
  const { restartPolicy, restartPolicyRules: rules = [] } = container
  const at = child(path, 'restartPolicy')
  if (restartPolicy === undefined && rules.length === 0) return NONE
  const errors: FieldError[] = []
  if (restartPolicy === undefined) errors.push(required(at, 'must specify restartPolicy when restart rules are used'))
  else errors.push(...checkSupported(restartPolicy, ['Always', 'Never', 'OnFailure'], at))
  const list = child(path, 'restartPolicyRules')
  if (rules.length > 20) errors.push({ type: 'Too long', path: list, detail: 'may not be more than 20 bytes' })
  rules.forEach((rule, i) => {
    const own = index(list, i)
    errors.push(...checkSupported(rule.action, ['Restart'], child(own, 'action')))
    const codes = child(own, 'exitCodes')
    if (rule.exitCodes === undefined) errors.push(required(codes, 'must be specified'))
    else {
      errors.push(...checkSupported(rule.exitCodes.operator, ['In', 'NotIn'], child(codes, 'operator')))
      if ((rule.exitCodes.values ?? []).length > 255)
        errors.push({ type: 'Too long', path: child(codes, 'values'), detail: 'may not be more than 255 bytes' })
    }
  })
  return errors
}

/** Upstream reports most of these under the list, without an index. */
export function validateResizePolicy(
  policies: Container['resizePolicy'],
  podRestartPolicy: PodSpec['restartPolicy'],
  path: FieldPath,
): readonly FieldError[] {
  const seen = new Set<string>()
  return (policies ?? []).flatMap(({ resourceName = '', restartPolicy = '' }, i) => {
    const errors: FieldError[] = seen.has(resourceName) ? [duplicate(index(path, i), resourceName)] : []
    seen.add(resourceName)
    errors.push(
      ...requireSupported(resourceName, ['cpu', 'memory'], path),
      ...requireSupported(restartPolicy, ['NotRequired', 'RestartContainer'], path),
    )
    if (podRestartPolicy === 'Never' && restartPolicy !== 'NotRequired') {
      errors.push(invalid(path, restartPolicy, "must be 'NotRequired' when `restartPolicy` is 'Never'"))
    }
    return errors
  })
}
