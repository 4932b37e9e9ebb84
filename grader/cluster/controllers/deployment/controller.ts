// Rolls ReplicaSets for Deployments. Upstream: pkg/controller/deployment/{deployment_controller,sync,rolling,recreate,progress}.go.
import type { Deployment, ReplicaSet } from '../../../api/apps.ts'
import { deepEqual } from '../../../api/compare.ts'
import { labelSelectorMatches } from '../../../api/labels.ts'
import { controllerOf, type ForCreate, isBeingDeleted, keyOf, splitKey } from '../../../api/meta.ts'
import { deployments, pods as podResource, replicaSets } from '../../../api/resource-table.ts'
import type { ComponentParts } from '../../cluster.ts'
import { createEventRecorder } from '../../machinery/event-recorder.ts'
import { isActive } from '../../machinery/pod-ranking.ts'
import { createWorkQueue } from '../../machinery/workqueue.ts'
import { DESIRED_REPLICAS, MAX_REPLICAS, newReplicaSet, REVISION, revisionOf, templatesEqual } from './replica-sets.ts'
import { planRollout, type ReplicaSetScale } from './rolling.ts'
import { deploymentStatus, isComplete } from './status.ts'

/** The Deployment controller. */
export function deploymentController(parts: ComponentParts): void {
  const { clock, informers, trace } = parts
  const client = parts.clientFor('deployment-controller')
  const recorder = createEventRecorder({ client, clock, component: 'deployment-controller' })

  const queue = createWorkQueue({
    name: 'deployment-controller',
    clock,
    trace,
    sync(key) {
      if (syncDeployment(key)) queue.forget(key)
      else queue.addRateLimited(key)
    },
  })

  const syncDeployment = (key: string): boolean => {
    const deployment = informers.store.get(deployments, splitKey(key))
    if (deployment === undefined) return true
    if (isBeingDeleted(deployment)) return writeStatus(deployment, claim(deployment), undefined)
    const owned = claim(deployment)
    const paused = deployment.spec.paused === true
    const found = owned.find((rs) => templatesEqual(rs, deployment))
    const fresh = found ?? (paused ? undefined : createNew(deployment, owned))
    if (fresh === undefined && !paused) return false
    const all = fresh === undefined || owned.includes(fresh) ? owned : [...owned, fresh]
    if (fresh !== undefined && !paused) markRevision(deployment, fresh, all)
    if (!waitsForRecreate(deployment, fresh, all)) {
      for (const scale of planRollout(deployment, fresh, all)) if (!scaleTo(deployment, scale)) return false
    }
    cleanUp(deployment, fresh, all)
    return writeStatus(deployment, claim(deployment), fresh)
  }

  const claim = (deployment: Deployment): readonly ReplicaSet[] => {
    for (const rs of informers.store.list(replicaSets, deployment.metadata.namespace)) {
      if (controllerOf(rs) !== undefined || isBeingDeleted(rs) || isBeingDeleted(deployment)) continue
      if (!labelSelectorMatches(deployment.spec.selector, rs.metadata.labels)) continue
      client.patch(replicaSets, rs.metadata, {
        type: 'merge',
        body: { metadata: { ownerReferences: [ownerReference(deployment)] } } as never,
      })
    }
    return [...informers.store.ownedBy(replicaSets, deployment.metadata.uid).values()].sort(byAge)
  }

  const createNew = (deployment: Deployment, owned: readonly ReplicaSet[]): ReplicaSet | undefined => {
    const wanted: ForCreate<ReplicaSet> = newReplicaSet(deployment, owned, ownerReference(deployment))
    const made = client.create(replicaSets, wanted)
    if (made.ok) {
      const replicas = made.value.spec.replicas ?? 0
      if (replicas > 0)
        recorder.event(
          deployment,
          'Normal',
          'ScalingReplicaSet',
          `Scaled up replica set ${made.value.metadata.name} from 0 to ${replicas}`,
        )
      return made.value
    }
    if (made.status.reason !== 'AlreadyExists') {
      recorder.event(
        deployment,
        'Warning',
        'ReplicaSetCreateError',
        `Failed to create new replica set "${wanted.metadata.name}": ${made.status.message}`,
      )
      return undefined
    }
    const collisionCount = (deployment.status.collisionCount ?? 0) + 1
    const present = informers.store.get(deployments, deployment.metadata)
    if (present !== undefined)
      client.update(
        deployments,
        { ...present, status: { ...present.status, collisionCount } },
        { subresource: 'status' },
      )
    return undefined
  }

  /** Revision annotations of the new ReplicaSet and of the Deployment. */
  const markRevision = (deployment: Deployment, fresh: ReplicaSet, all: readonly ReplicaSet[]) => {
    const highest = Math.max(0, ...all.filter((rs) => rs !== fresh).map(revisionOf))
    const wanted = Math.max(highest + 1, revisionOf(fresh))
    if (revisionOf(fresh) !== wanted) {
      client.patch(replicaSets, fresh.metadata, {
        type: 'merge',
        body: { metadata: { annotations: { [REVISION]: String(wanted) } } } as never,
      })
    }
    if (deployment.metadata.annotations?.[REVISION] !== String(wanted)) {
      client.patch(deployments, deployment.metadata, {
        type: 'merge',
        body: { metadata: { annotations: { [REVISION]: String(wanted) } } } as never,
      })
    }
  }

  /** Recreate: the new ReplicaSet stays at 0 until no old Pod runs any more. */
  const waitsForRecreate = (
    deployment: Deployment,
    fresh: ReplicaSet | undefined,
    all: readonly ReplicaSet[],
  ): boolean => {
    if (deployment.spec.strategy?.type !== 'Recreate' || fresh === undefined) return false
    const old = all.filter((rs) => rs.metadata.uid !== fresh.metadata.uid)
    for (const rs of old) if ((rs.spec.replicas ?? 0) > 0) scaleTo(deployment, { rs, replicas: 0 })
    return old.some((rs) =>
      [...informers.store.ownedBy(podResource, rs.metadata.uid).values()].some(
        (pod) => isActive(pod) || isBeingDeleted(pod),
      ),
    )
  }

  const scaleTo = (deployment: Deployment, { rs, replicas, desired, max }: ReplicaSetScale): boolean => {
    const present = informers.store.get(replicaSets, rs.metadata)
    if (present === undefined) return true
    const before = present.spec.replicas ?? 0
    const annotations = {
      ...present.metadata.annotations,
      ...(desired === undefined ? {} : { [DESIRED_REPLICAS]: String(desired) }),
      ...(max === undefined ? {} : { [MAX_REPLICAS]: String(max) }),
    }
    if (before === replicas && deepEqual(annotations, present.metadata.annotations ?? {})) return true
    const next = { ...present, metadata: { ...present.metadata, annotations }, spec: { ...present.spec, replicas } }
    const saved = client.update(replicaSets, next)
    if (saved.ok && before !== replicas) {
      const direction = before < replicas ? 'up' : 'down'
      recorder.event(
        deployment,
        'Normal',
        'ScalingReplicaSet',
        `Scaled ${direction} replica set ${present.metadata.name} from ${before} to ${replicas}`,
      )
    }
    return saved.ok
  }

  /** Old ReplicaSets beyond revisionHistoryLimit, once nothing of them runs. */
  const cleanUp = (deployment: Deployment, fresh: ReplicaSet | undefined, all: readonly ReplicaSet[]) => {
    if (fresh === undefined || !isComplete(deployment)) return
    const idle = all.filter((rs) => rs.metadata.uid !== fresh.metadata.uid && !isBeingDeleted(rs))
    const surplus = idle.length - (deployment.spec.revisionHistoryLimit ?? 10)
    if (surplus <= 0) return
    const oldest = [...idle].sort((a, b) => revisionOf(a) - revisionOf(b))
    for (const rs of oldest.slice(0, surplus)) {
      if (rs.status.replicas === 0 && (rs.spec.replicas ?? 0) === 0) client.delete(replicaSets, rs.metadata)
    }
  }

  const writeStatus = (deployment: Deployment, all: readonly ReplicaSet[], fresh: ReplicaSet | undefined): boolean => {
    const present = informers.store.get(deployments, deployment.metadata)
    if (present === undefined) return true
    const newest =
      fresh === undefined
        ? all.find((rs) => templatesEqual(rs, present))
        : informers.store.get(replicaSets, fresh.metadata)
    const { status, again } = deploymentStatus({
      deployment: present,
      all,
      fresh: newest,
      now: clock.now(),
      timestamp: clock.timestamp(),
    })
    if (again !== undefined) queue.addAfter(keyOf(deployment), again)
    if (deepEqual(status, present.status)) return true
    return client.update(deployments, { ...present, status }, { subresource: 'status' }).ok
  }

  informers.of(deployments).onChange(({ object }) => queue.add(keyOf(object)))
  informers.of(replicaSets).onChange(({ object }) => {
    const owner = controllerOf(object)
    if (owner?.kind === 'Deployment') queue.add(`${object.metadata.namespace}/${owner.name}`)
    else if (owner === undefined) {
      for (const deployment of informers.store.list(deployments, object.metadata.namespace)) {
        if (labelSelectorMatches(deployment.spec.selector, object.metadata.labels)) queue.add(keyOf(deployment))
      }
    }
  })
  // Only Recreate waits for Pods themselves.
  informers.of(podResource).onChange(({ type, object }) => {
    const owner = controllerOf(object)
    if (type !== 'DELETED' || owner?.kind !== 'ReplicaSet') return
    const rs = informers.store.get(replicaSets, {
      name: owner.name,
      ...(object.metadata.namespace === undefined ? {} : { namespace: object.metadata.namespace }),
    })
    const deployment = rs === undefined ? undefined : controllerOf(rs)
    if (deployment?.kind === 'Deployment') queue.add(`${object.metadata.namespace}/${deployment.name}`)
  })
}

function ownerReference(deployment: Deployment) {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    name: deployment.metadata.name,
    uid: deployment.metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  }
}

function byAge(a: ReplicaSet, b: ReplicaSet): number {
  const [x, y] = [a.metadata.creationTimestamp + a.metadata.name, b.metadata.creationTimestamp + b.metadata.name]
  return x < y ? -1 : x > y ? 1 : 0
}
