// Everything the scheduler writes: bindings, conditions, nominations, Events, victims. It decides nothing.
// Upstream: pkg/scheduler/schedule_one.go (bind, handleSchedulingFailure, updatePod) and preemption/executor.go.
import type { ApiClient } from '../../api/api-client.ts'
import type { Pod, PodCondition } from '../../api/core.ts'
import type { JsonObject } from '../../api/meta.ts'
import { pods as podResource } from '../../api/resource-table.ts'
import type { Clock } from '../clock.ts'
import type { EventsRecorder } from '../machinery/events-recorder.ts'
import type { Reason, Trace } from '../trace.ts'
import type { Diagnosis } from './find-nodes.ts'
import { podRef } from './framework.ts'

export const DEFAULT_SCHEDULER = 'default-scheduler'

export interface VerdictWriterParts {
  readonly client: ApiClient
  readonly clock: Clock
  readonly trace: Trace
  readonly recorder: EventsRecorder
}

export interface Refusal {
  readonly pod: Pod
  readonly message: string
  readonly diagnosis: Diagnosis | undefined
  /** The Node the Pod is promised; empty takes a promise back; absent leaves it. */
  readonly nominate?: string
}

export interface VerdictWriter {
  /** Binds the Pod; false if the API server refused. */
  bind(pod: Pod, nodeName: string): boolean
  refuse(refusal: Refusal): void
  skipDeleting(pod: Pod): void
  clearNomination(pod: Pod): void
  evict(preemptor: Pod, victims: readonly Pod[], nodeName: string): void
}

// Simplified: of one moment's Events the scheduler writes the first 250. Upstream's broadcaster also drops what its queue of
// 1,000 cannot hold; what was decided is in each Pod's conditions all the same.
const EVENTS_AT_ONE_MOMENT = 250
/** How many Nodes an entry of the trace names per reason. */
const NODES_PER_REASON = 100

export function createVerdictWriter({ client, clock, trace, recorder }: VerdictWriterParts): VerdictWriter {
  let eventsAt = 0
  let eventsNow = 0
  const mayTell = (): boolean => {
    if (eventsAt !== clock.now()) {
      eventsAt = clock.now()
      eventsNow = 0
    }
    return ++eventsNow <= EVENTS_AT_ONE_MOMENT
  }

  const updateStatus = (pod: Pod, changes: Partial<Pod['status']>) => {
    const current = client.get(podResource, pod.metadata)
    if (!current.ok || current.value.metadata.uid !== pod.metadata.uid) return
    const status = { ...current.value.status, ...changes }
    if (changes.nominatedNodeName === '') delete (status as { nominatedNodeName?: string }).nominatedNodeName
    client.update(podResource, { ...current.value, status }, { subresource: 'status' })
  }

  const writeRefusal = (pod: Pod, message: string, nominate: string | undefined) => {
    const old = pod.status.conditions?.find(({ type }) => type === 'PodScheduled')
    const condition: PodCondition = {
      type: 'PodScheduled',
      ...(pod.metadata.generation === undefined ? {} : { observedGeneration: pod.metadata.generation }),
      status: 'False',
      lastProbeTime: null,
      lastTransitionTime:
        old?.status === 'False' && old.lastTransitionTime !== undefined ? old.lastTransitionTime : clock.timestamp(),
      reason: 'Unschedulable',
      message,
    }
    const nominationChanged = nominate !== undefined && nominate !== (pod.status.nominatedNodeName ?? '')
    const same =
      old?.status === 'False' &&
      old.reason === condition.reason &&
      old.message === message &&
      old.observedGeneration === condition.observedGeneration
    if (same && !nominationChanged) return
    updateStatus(pod, {
      conditions: withCondition(pod.status.conditions, condition),
      ...(nominationChanged ? { nominatedNodeName: nominate } : {}),
    })
  }

  return {
    bind(pod, nodeName) {
      const { namespace, name, uid } = pod.metadata
      const body: JsonObject = {
        apiVersion: 'v1',
        kind: 'Binding',
        metadata: { name, namespace, uid },
        target: { kind: 'Node', name: nodeName },
      }
      if (!client.createSubresource(podResource, pod.metadata, 'binding', body).ok) return false
      if (mayTell())
        recorder.event(
          pod,
          'Normal',
          'Scheduled',
          'Binding',
          `Successfully assigned ${namespace}/${name} to ${nodeName}`,
        )
      return true
    },
    refuse({ pod, message, diagnosis, nominate }) {
      trace.record('scheduler', { type: 'unschedulable', about: podRef(pod), message, filters: filtersOf(diagnosis) })
      if (mayTell()) recorder.event(pod, 'Warning', 'FailedScheduling', 'Scheduling', message)
      writeRefusal(pod, message, nominate)
    },
    skipDeleting(pod) {
      const { namespace, name } = pod.metadata
      recorder.event(
        pod,
        'Warning',
        'FailedScheduling',
        'Scheduling',
        `skip schedule deleting pod: ${namespace}/${name}`,
      )
    },
    clearNomination: (pod) => updateStatus(pod, { nominatedNodeName: '' }),
    evict(preemptor, victims, nodeName) {
      for (const victim of victims) {
        if (victim.metadata.deletionTimestamp === undefined) {
          const condition: PodCondition = {
            type: 'DisruptionTarget',
            ...(victim.metadata.generation === undefined ? {} : { observedGeneration: victim.metadata.generation }),
            status: 'True',
            lastProbeTime: null,
            lastTransitionTime: clock.timestamp(),
            reason: 'PreemptionByScheduler',
            message: `${preemptor.spec.schedulerName ?? DEFAULT_SCHEDULER}: preempting to accommodate a higher priority pod`,
          }
          const kubernetes = `Preempted by pod ${preemptor.metadata.uid} on node ${nodeName}`
          const because = [
            {
              code: 'Preempted',
              object: podRef(preemptor),
              path: 'spec.priority',
              kubernetes,
              params: { by: preemptor.metadata.name },
            },
          ]
          trace.record('scheduler', {
            type: 'decision',
            about: podRef(victim),
            decision: 'preempt',
            node: nodeName,
            because,
          })
          updateStatus(victim, { conditions: withCondition(victim.status.conditions, condition) })
          client.delete(podResource, victim.metadata, { preconditions: { uid: victim.metadata.uid } })
        }
        recorder.event(
          victim,
          'Normal',
          'Preempted',
          'Preempting',
          `Preempted by pod ${preemptor.metadata.uid} on node ${nodeName}`,
        )
      }
    },
  }
}

/** Upstream: podutil.UpdatePodCondition: in its place, or at the end. */
function withCondition(
  conditions: readonly PodCondition[] | undefined,
  condition: PodCondition,
): readonly PodCondition[] {
  const list = conditions ?? []
  return list.some(({ type }) => type === condition.type)
    ? list.map((old) => (old.type === condition.type ? condition : old))
    : [...list, condition]
}

interface FilterGroup {
  readonly plugin: string
  readonly nodes: string[]
  readonly because: Reason[]
}

/** One item per plugin and words, with the Nodes it holds for and each Node's own reasons, up to a bound. */
function filtersOf(diagnosis: Diagnosis | undefined): readonly FilterGroup[] {
  if (diagnosis === undefined) return []
  const { podRejection, rejections } = diagnosis
  if (podRejection !== undefined)
    return [{ plugin: podRejection.plugin, nodes: [], because: [...podRejection.because] }]
  const groups = new Map<string, FilterGroup>()
  for (const [node, { plugin, reasons, because }] of rejections) {
    const key = `${plugin}: ${reasons.join(', ')}`
    let group = groups.get(key)
    if (group === undefined) {
      group = { plugin, nodes: [], because: [] }
      groups.set(key, group)
    }
    if (group.nodes.length >= NODES_PER_REASON) continue
    group.nodes.push(node)
    group.because.push(...because)
  }
  return [...groups.values()]
}
