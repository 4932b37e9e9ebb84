// A DaemonSet whose world obeys at once, as in upstream's unit tests: what a sync creates or deletes is there, or gone,
// before its next step, so that one sync may both manage Pods and update them.
import type { DaemonSet } from '../../grader/api/apps.ts'
import type { Node, Pod } from '../../grader/api/core.ts'
import { type Clock, STORY_START } from '../../grader/cluster/clock.ts'
import { type DaemonSetState, notePod } from '../../grader/cluster/controllers/daemonset/daemonset-state.ts'
import { createFleet, type Fleet, type FleetContext } from '../../grader/cluster/controllers/daemonset/fleet.ts'
import { allowsSurge, planPods } from '../../grader/cluster/controllers/daemonset/manage.ts'
import {
  ownerReferenceTo,
  podForNode,
  podTemplateOf,
  templateGenerationOf,
} from '../../grader/cluster/controllers/daemonset/pod.ts'
import { BURST_REPLICAS, type PodPlan } from '../../grader/cluster/controllers/daemonset/pod-plan.ts'
import { planRollingUpdate } from '../../grader/cluster/controllers/daemonset/rolling-update.ts'
import type { Counters } from '../../grader/cluster/controllers/daemonset/status.ts'
import { createBackoff } from '../../grader/cluster/machinery/backoff.ts'
import { templateHash } from '../../grader/cluster/machinery/template-hash.ts'
import { at } from './build.ts'

/** What one sync did: creations, deletions, events. */
export type Synced = readonly [creates: number, deletes: number, events: number]

export interface InstantDaemonSet {
  ds: DaemonSet
  nodes: readonly Node[]
  pods: readonly Pod[]
  /** Seconds after the story started. */
  seconds: number
  sync(): Synced
  /** Makes Pods Ready (all, or those picked) as of now. */
  markReady(which?: (pod: Pod) => boolean): void
  markNotReady(which: (pod: Pod) => boolean): void
  setImage(image: string): void
  readonly hash: string
  readonly counters: Readonly<Counters>
  readonly deleted: readonly string[]
  readonly created: readonly string[]
  readonly error: string | undefined
  fleet(): Fleet
}

/** A world with this DaemonSet, these Nodes and these Pods. */
export function instantDaemonSet(ds: DaemonSet, nodes: readonly Node[], pods: readonly Pod[] = []): InstantDaemonSet {
  let counter = 0
  let deleted: string[] = []
  let created: string[] = []
  let error: string | undefined
  let fleetAtEnd: Fleet | undefined
  let seconds = 0
  const clock = { now: () => STORY_START + seconds * 1000 } as Clock
  const backoff = createBackoff({ clock, initialSeconds: 1, maxSeconds: 900 })

  const context = (): FleetContext => ({
    now: clock.now(),
    minReadySeconds: world.ds.spec.minReadySeconds ?? 0,
    hash: world.hash,
    templateGeneration: templateGenerationOf(world.ds),
    surge: allowsSurge(world.ds),
    spec: world.ds.spec.template.spec,
  })

  const observe = (): Fleet => {
    const fleet = createFleet([...world.nodes].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1)))
    const state: DaemonSetState = {
      key: 'default/agent',
      uid: world.ds.metadata.uid,
      fleet,
      toRelease: new Map(),
      toAdopt: new Map(),
      history: undefined,
      podTemplate: undefined,
      heldBack: '',
    }
    for (const pod of world.pods) notePod(state, world.ds, pod)
    for (const pod of state.toRelease.values())
      replace(pod, { ...pod, metadata: { ...pod.metadata, ownerReferences: [] } })
    for (const pod of state.toAdopt.values()) {
      const adopted = { ...pod, metadata: { ...pod.metadata, ownerReferences: [ownerReferenceTo(world.ds)] } }
      replace(pod, adopted)
      notePod(state, world.ds, adopted)
    }
    fleet.refresh(context())
    return fleet
  }

  const replace = (pod: Pod, by: Pod) => {
    world.pods = world.pods.map((other) => (other === pod ? by : other))
  }

  const apply = (plan: PodPlan) => {
    for (const id of plan.raise) backoff.next(id)
    const template = podTemplateOf(world.ds, world.hash)
    for (const { node } of plan.creates.slice(0, BURST_REPLICAS)) {
      created.push(node)
      const made = podForNode(template, node)
      const name = `agent-new-${String(counter++).padStart(4, '0')}`
      const metadata = {
        ...made.metadata,
        name,
        uid: `uid-${name}`,
        resourceVersion: '1',
        creationTimestamp: at(world.seconds),
      }
      world.pods = [...world.pods, { ...made, metadata, status: {} } as Pod]
    }
    const gone = new Set(plan.deletes.slice(0, BURST_REPLICAS).map(({ pod }) => pod.metadata.name))
    deleted.push(...gone)
    world.pods = world.pods.filter((pod) => !gone.has(pod.metadata.name))
  }

  const setReady = (status: 'True' | 'False', which: (pod: Pod) => boolean) => {
    world.pods = world.pods.map((pod) => {
      const before = pod.status?.conditions?.find(({ type }) => type === 'Ready')?.status
      if (!which(pod) || before === status) return pod
      return {
        ...pod,
        status: { phase: 'Running', conditions: [{ type: 'Ready', status, lastTransitionTime: at(world.seconds) }] },
      }
    })
  }

  const world: InstantDaemonSet = {
    ds,
    nodes,
    pods,
    get seconds() {
      return seconds
    },
    set seconds(now) {
      seconds = now
    },
    get hash() {
      return templateHash(world.ds.spec.template)
    },
    get deleted() {
      return deleted
    },
    get created() {
      return created
    },
    get error() {
      return error
    },
    get counters() {
      return (fleetAtEnd ?? observe()).counters
    },
    fleet: observe,
    sync() {
      deleted = []
      created = []
      error = undefined
      const fleet = observe()
      const plan = planPods(fleet.unsettledNodes(), fleet.strays(), {
        ...context(),
        ds: world.ds,
        isInBackOff: backoff.isInBackOff,
      })
      apply(plan)
      if (world.ds.spec.updateStrategy?.type === 'RollingUpdate') {
        const update = planRollingUpdate(world.ds, observe().census, context())
        if (update.ok) apply(update.plan)
        else error = update.error
      }
      fleetAtEnd = observe()
      return [created.length, deleted.length, plan.deletes.filter(({ event }) => event !== undefined).length]
    },
    markReady: (which = () => true) => setReady('True', which),
    markNotReady: (which) => setReady('False', which),
    setImage(image) {
      const { template } = world.ds.spec
      const containers = template.spec.containers.map((container) => ({ ...container, image }))
      world.ds = {
        ...world.ds,
        metadata: { ...world.ds.metadata, generation: (world.ds.metadata.generation ?? 0) + 1 },
        spec: { ...world.ds.spec, template: { ...template, spec: { ...template.spec, containers } } },
      }
    },
  }
  return world
}
