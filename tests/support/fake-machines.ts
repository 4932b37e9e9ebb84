// The smallest machines that controllers can be tested with: a Pod that names its Node is bound, runs, becomes ready and
// ends on deletion, each at once. Scheduler and kubelet have their own tests.

import type { Pod } from '../../grader/api/core.ts'
import { isBeingDeleted, keyOf, splitKey } from '../../grader/api/meta.ts'
import { targetNodeOf } from '../../grader/api/pods.ts'
import { nodes, pods } from '../../grader/api/resource-table.ts'
import type { Component } from '../../grader/cluster/cluster.ts'

export interface FakeMachines {
  /** Pods of these images never become ready. */
  readonly neverReady?: readonly string[]
  /** Nodes whose kubelet is dead: Pods there neither start nor end. */
  readonly dead?: ReadonlySet<string>
}

/** Binds and runs Pods; what it decides is fixed by the images. */
export function fakeMachines({ neverReady = [], dead = new Set() }: FakeMachines = {}): Component {
  return ({ clientFor, informers, clock }) => {
    const client = clientFor('fake-machines')
    const store = informers.of(pods)
    const work = (key: string) => {
      const pod = store.get(splitKey(key))
      if (pod === undefined) return
      const target = targetNodeOf(pod)
      if (target === undefined || dead.has(target) || informers.of(nodes).get({ name: target }) === undefined) return
      if (isBeingDeleted(pod)) client.delete(pods, pod.metadata, { gracePeriodSeconds: 0 })
      else if (pod.spec.nodeName === undefined) {
        const body = {
          apiVersion: 'v1',
          kind: 'Binding',
          metadata: { name: pod.metadata.name },
          target: { apiVersion: 'v1', kind: 'Node', name: target },
        }
        client.createSubresource(pods, pod.metadata, 'binding', body)
      } else if (
        pod.status?.phase !== 'Running' &&
        pod.status?.phase !== 'Failed' &&
        pod.status?.phase !== 'Succeeded'
      ) {
        client.update<Pod>(pods, { ...pod, status: runningStatus(pod, clock.timestamp()) }, { subresource: 'status' })
      }
    }
    const runningStatus = (pod: Pod, now: string) => {
      const ready = pod.spec.containers.every(({ image }) => !neverReady.includes(image ?? ''))
      const conditions = [
        { type: 'Ready', status: ready ? ('True' as const) : ('False' as const), lastTransitionTime: now },
      ]
      return { ...pod.status, phase: 'Running' as const, startTime: now, conditions }
    }
    store.onChange(({ type, object }) => {
      if (type === 'DELETED') return
      const key = keyOf(object)
      clock.soon('fake-machines', () => work(key))
    })
  }
}
