// Some errors print a value of the API server's internal version: Go field names, every field, null where unset.
// Upstream: pkg/apis/core/types.go and pkg/apis/apps/types.go, printed by field.Error.ErrorBody.
import type { DaemonSetUpdateStrategy } from '../apps.ts'
import type { PodSpec } from '../core.ts'
import { formatQuantity, quantity } from '../quantity.ts'
import { INTERNAL_FIELDS, type InternalField } from './generated/internal-fields.ts'

type Fields = Readonly<Record<string, unknown>>

const ZERO: Readonly<Record<string, unknown>> = {
  null: null,
  string: '',
  int: 0,
  bool: false,
  quantity: '0',
  object: {},
}

/** A v1 value as the internal type of that name prints. */
export function internalJson(type: string, value: object): object {
  return Object.fromEntries(INTERNAL_FIELDS[type]!.map((field) => [field[0], fieldOf(field, value as Fields)]))
}

function fieldOf([, name, kind]: InternalField, value: Fields): unknown {
  const own = value[name]
  if (kind in ZERO)
    return kind === 'quantity' && own !== undefined ? formatQuantity(quantity(own as string)) : (own ?? ZERO[kind])
  if (kind.startsWith('[]'))
    return own === undefined ? null : (own as readonly object[]).map((item) => internalJson(kind.slice(2), item))
  if (kind.startsWith('*')) return own === undefined ? null : internalJson(kind.slice(1), own as object)
  return internalJson(kind, (own ?? {}) as object)
}

/** core.PodSpec: the fields of the host live in its security context. */
export function internalPodSpec(spec: PodSpec): object {
  const { hostNetwork, hostPID, hostIPC, shareProcessNamespace, hostUsers } = spec
  const securityContext = { ...spec.securityContext, hostNetwork, hostPID, hostIPC, shareProcessNamespace, hostUsers }
  return internalJson('PodSpec', { ...spec, securityContext })
}

/** apps.DaemonSetUpdateStrategy. */
export const internalUpdateStrategy = (strategy: DaemonSetUpdateStrategy): object =>
  internalJson('DaemonSetUpdateStrategy', strategy)
