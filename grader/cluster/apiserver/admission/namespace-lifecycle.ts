// NamespaceLifecycle: nothing is made in a namespace that is missing or going; three namespaces never go.
// Upstream: k8s.io/apiserver/pkg/admission/plugin/namespace/lifecycle/admission.go.
import { type ApiStatus, notFoundStatus } from '../../../api/api-status.ts'
import { namespaces } from '../../../api/resource-table.ts'
import { type AdmissionContext, refusedAs } from './admission-context.ts'

const IMMORTAL = ['default', 'kube-system', 'kube-public']

/** Undefined, or why the request cannot be: 404 for a missing namespace, else 403. */
export function namespaceLifecycle(context: AdmissionContext): ApiStatus | undefined {
  const { operation, resource, object, read } = context
  if (operation === 'delete') {
    const isImmortal = resource.kind === 'Namespace' && IMMORTAL.includes(object.metadata.name)
    return isImmortal ? refusedAs(context, 'this namespace may not be deleted').refused : undefined
  }
  const name = object.metadata.namespace
  if (operation === 'update' || !resource.namespaced || name === undefined) return undefined
  const namespace = read.get(namespaces, { name })
  if (namespace === undefined) return notFoundStatus(namespaces, name)
  return namespace.status?.phase === 'Terminating' ? terminatingStatus(context, name) : undefined
}

function terminatingStatus(context: AdmissionContext, name: string): ApiStatus {
  const why = `unable to create new content in namespace ${name} because it is being terminated`
  const { refused } = refusedAs(context, why)
  const cause = {
    reason: 'NamespaceTerminating',
    message: `namespace ${name} is being terminated`,
    field: 'metadata.namespace',
  }
  return { ...refused, details: { ...refused.details, causes: [cause] } }
}
