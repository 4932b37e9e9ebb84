// Writes the status; a conflict is tried once more. Upstream: storeDaemonSetStatus in pkg/controller/daemon/daemon_controller.go.
import type { DaemonSet } from '../../../api/apps.ts'
import { daemonSets } from '../../../api/resource-table.ts'
import type { DaemonSetParts, DaemonSetState } from './daemonset-state.ts'
import { planStatus, statusWith } from './status.ts'

/** Stores the numbers if they changed. Returns the error of a second refusal. */
export function storeStatus(
  { client, queue }: Pick<DaemonSetParts, 'client' | 'queue'>,
  ds: DaemonSet,
  { state, observe }: { readonly state: Pick<DaemonSetState, 'key' | 'fleet'>; readonly observe: boolean },
): string | undefined {
  const { counters } = state.fleet
  const status = planStatus(ds, counters, observe)
  if (status !== undefined) {
    const error = update()
    if (error !== undefined) return `error storing status for daemon set ${state.key}: ${error}`
  }
  const { minReadySeconds = 0 } = ds.spec
  if (minReadySeconds > 0 && counters.ready !== counters.available) queue.addAfter(state.key, minReadySeconds)
  return undefined

  function update(): string | undefined {
    const first = client.update(daemonSets, { ...ds, status: status! }, { subresource: 'status' })
    if (first.ok) return undefined
    const fresh = client.get(daemonSets, ds.metadata)
    if (!fresh.ok) return fresh.status.message
    // The same numbers, and the generation that they were counted for, on the object as it is now.
    const observed = observe ? ds.metadata.generation : ds.status?.observedGeneration
    const again = {
      ...statusWith(fresh.value, counters, false),
      ...(observed === undefined ? {} : { observedGeneration: observed }),
    }
    const second = client.update(daemonSets, { ...fresh.value, status: again }, { subresource: 'status' })
    return second.ok ? undefined : second.status.message
  }
}
