// Tolerations and taints. Upstream: ValidateTolerations and validateNodeTaints of pkg/apis/core/validation/validation.go.
import type { Taint, Toleration } from '../core.ts'
import { type FieldError, invalid, notSupported } from '../field-error.ts'
import { child, type FieldPath, index } from '../field-path.ts'
import { NONE, requireSupported } from './field-checks.ts'
import { isLabelValue } from './format.ts'
import { validateLabelName } from './label-selector.ts'

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']
const soundTolerations = new WeakSet<readonly Toleration[]>()

/** Every toleration; a bad value is reported under its operator, as upstream does. */
export function validateTolerations(
  tolerations: readonly Toleration[] | undefined,
  path: FieldPath,
): readonly FieldError[] {
  if (tolerations === undefined || soundTolerations.has(tolerations)) return NONE
  const errors = tolerations.flatMap((toleration, i) => validateToleration(toleration, index(path, i)))
  if (errors.length === 0) soundTolerations.add(tolerations)
  return errors
}

function validateToleration(toleration: Toleration, path: FieldPath): readonly FieldError[] {
  const { key = '', effect = '', operator = '' as string } = toleration
  const errors: FieldError[] = key === '' ? [] : [...validateLabelName(key, child(path, 'key'))]
  if (key === '' && operator !== 'Exists') {
    errors.push(
      invalid(
        child(path, 'operator'),
        operator,
        'operator must be Exists when `key` is empty, which means "match all values and all keys"',
      ),
    )
  }
  if (toleration.tolerationSeconds !== undefined && effect !== 'NoExecute') {
    errors.push(invalid(child(path, 'effect'), effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"))
  }
  errors.push(...validateOperator(operator, toleration.value ?? '', child(path, 'operator')))
  return effect === '' ? errors : [...errors, ...requireSupported(effect, EFFECTS, child(path, 'effect'))]
}

function validateOperator(operator: string, value: string, path: FieldPath): readonly FieldError[] {
  switch (operator) {
    case '':
    case 'Equal': {
      const messages = isLabelValue(value)
      return messages.length === 0 ? NONE : [invalid(path, value, messages.join(';'))]
    }
    case 'Exists':
      return value === '' ? NONE : [invalid(path, value, "value must be empty when `operator` is 'Exists'")]
    case 'Lt':
    case 'Gt':
      // The gate TaintTolerationComparisonOperators is off in v1.35, and yet the text names them.
      return [notSupported(path, operator, ['Equal', 'Exists', 'Lt', 'Gt'])]
    default:
      return [notSupported(path, operator, ['Equal', 'Exists'])]
  }
}

/** Taints of a Node: well-formed, and one per key and effect. */
export function validateTaints(taints: readonly Taint[] | undefined, path: FieldPath): readonly FieldError[] {
  if (taints == null || taints.length === 0 || soundTaints.has(taints)) return NONE
  const errors = taintErrors(taints, path)
  if (errors.length === 0) soundTaints.add(taints)
  return errors
}

const soundTaints = new WeakSet<readonly Taint[]>()

function taintErrors(taints: readonly Taint[], path: FieldPath): readonly FieldError[] {
  const seen = new Set<string>()
  return taints.flatMap((taint, i) => {
    const at = index(path, i)
    const { key = '', value = '', effect = '' } = taint
    const errors: FieldError[] = [...validateLabelName(key, child(at, 'key'))]
    const messages = isLabelValue(value)
    if (messages.length > 0) errors.push(invalid(child(at, 'value'), value, messages.join(';')))
    errors.push(...requireSupported(effect, EFFECTS, child(at, 'effect')))
    if (seen.has(`${key}:${effect}`)) {
      const shown = { Key: key, Value: value, Effect: effect, TimeAdded: taint.timeAdded ?? null }
      errors.push({
        type: 'Duplicate value',
        path: at,
        badValue: shown,
        detail: 'taints must be unique by key and effect pair',
      })
    }
    seen.add(`${key}:${effect}`)
    return errors
  })
}
