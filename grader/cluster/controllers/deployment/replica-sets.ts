// ReplicaSets of a Deployment: which is the new one, and how it looks. Upstream: pkg/controller/deployment/util/deployment_util.go.
import type { Deployment, ReplicaSet } from '../../../api/apps.ts'
import { deepEqual } from '../../../api/compare.ts'
import type { ForCreate, OwnerReference, StringMap } from '../../../api/meta.ts'
import { templateHash } from '../../machinery/template-hash.ts'
import { newReplicas, surgeAndUnavailable } from './rolling.ts'

export const REVISION = 'deployment.kubernetes.io/revision'
export const DESIRED_REPLICAS = 'deployment.kubernetes.io/desired-replicas'
export const MAX_REPLICAS = 'deployment.kubernetes.io/max-replicas'
const HASH_LABEL = 'pod-template-hash'
/** Annotations that stay with the object they are on. */
const NOT_COPIED = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  REVISION,
  DESIRED_REPLICAS,
  MAX_REPLICAS,
  'deployment.kubernetes.io/revision-history',
])

/** The templates are equal but for the hash label. */
export function templatesEqual(rs: ReplicaSet, deployment: Deployment): boolean {
  const { [HASH_LABEL]: _, ...labels } = rs.spec.template?.metadata?.labels ?? {}
  const template = { ...rs.spec.template, metadata: { ...rs.spec.template?.metadata, labels } }
  return deepEqual(template, {
    ...deployment.spec.template,
    metadata: { ...deployment.spec.template.metadata, labels: deployment.spec.template.metadata?.labels ?? {} },
  })
}

export function revisionOf(rs: ReplicaSet): number {
  const revision = Number(rs.metadata.annotations?.[REVISION] ?? 0)
  return Number.isInteger(revision) ? revision : 0
}

/** The ReplicaSet for the Deployment's present template, with the replicas a rollout starts it with. */
export function newReplicaSet(
  deployment: Deployment,
  owned: readonly ReplicaSet[],
  owner: OwnerReference,
): ForCreate<ReplicaSet> {
  const hash = templateHash(deployment.spec.template, deployment.status.collisionCount)
  const labels: StringMap = { ...deployment.spec.template.metadata?.labels, [HASH_LABEL]: hash }
  const replicas = deployment.spec.replicas ?? 1
  const { surge } = surgeAndUnavailable(deployment)
  const revision = Math.max(0, ...owned.map(revisionOf)) + 1
  const copied = Object.fromEntries(
    Object.entries(deployment.metadata.annotations ?? {}).filter(([key]) => !NOT_COPIED.has(key)),
  )
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${deployment.metadata.name}-${hash}`,
      ...(deployment.metadata.namespace === undefined ? {} : { namespace: deployment.metadata.namespace }),
      labels,
      annotations: {
        ...copied,
        [DESIRED_REPLICAS]: String(replicas),
        [MAX_REPLICAS]: String(replicas + surge),
        [REVISION]: String(revision),
      },
      ownerReferences: [owner],
    },
    spec: {
      replicas: newReplicas(deployment, owned, undefined),
      ...(deployment.spec.minReadySeconds === undefined ? {} : { minReadySeconds: deployment.spec.minReadySeconds }),
      selector: {
        ...deployment.spec.selector,
        matchLabels: { ...deployment.spec.selector?.matchLabels, [HASH_LABEL]: hash },
      },
      template: { ...deployment.spec.template, metadata: { ...deployment.spec.template.metadata, labels } },
    },
  }
}
