// Why the API server would not have a Pod, as a code that explanations know. The texts are those of the admission plug-ins.

import type { ApiStatus } from '../../../api/api-status.ts'
import type { DaemonSet } from '../../../api/apps.ts'
import type { Reason } from '../../trace.ts'

const SPEC = 'spec.template.spec'

interface Rule {
  readonly code: string
  readonly text: RegExp
  /** The field of the DaemonSet that the refusal is about. */
  readonly field?: string
}

const RULES: readonly Rule[] = [
  { code: 'QuotaExceeded', text: /exceeded quota: |failed quota: /, field: `${SPEC}.containers` },
  { code: 'PodSecurityForbidden', text: /violates PodSecurity "/, field: SPEC },
  {
    code: 'ServiceAccountMissing',
    text: /error looking up service account |service account .* not found/,
    field: `${SPEC}.serviceAccountName`,
  },
  { code: 'PriorityClassMissing', text: /no PriorityClass with name /, field: `${SPEC}.priorityClassName` },
  { code: 'CreationRefused', text: /RuntimeClass "[^"]*" not found/, field: `${SPEC}.runtimeClassName` },
  {
    code: 'LimitRangeExceeded',
    text: /(maximum|minimum) [^ ]+ usage per |max limit to request ratio per /,
    field: `${SPEC}.containers`,
  },
]

/** The reason for a refused creation: the code of the plug-in that refused, and the server's own words. */
export function refusalReason(status: ApiStatus, ds: DaemonSet): Reason {
  const { namespace, name } = ds.metadata
  const object = { kind: 'DaemonSet', name, ...(namespace === undefined ? {} : { namespace }) }
  const kubernetes = status.message
  if (isNamespaceTerminating(status)) return { code: 'NamespaceTerminating', object, kubernetes }
  if (status.reason === 'NotFound' && status.details?.kind === 'namespaces')
    return { code: 'NamespaceMissing', object, kubernetes }
  const rule = RULES.find(({ text }) => text.test(kubernetes))
  if (rule === undefined) return { code: 'CreationRefused', object, kubernetes, params: { reason: status.reason } }
  return { code: rule.code, object, kubernetes, ...(rule.field === undefined ? {} : { path: rule.field }) }
}

/** In a namespace that is going away creations fail by design: nobody is told. */
export function isNamespaceTerminating(status: ApiStatus): boolean {
  return status.details?.causes?.some(({ reason }) => reason === 'NamespaceTerminating') ?? false
}
