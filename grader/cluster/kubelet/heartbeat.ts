// Leases in kube-node-lease. Upstream: k8s.io/component-helpers/apimachinery/lease, pkg/kubelet/kubelet.go.
import type { ApiClient } from '../../api/api-client.ts'
import type { Node } from '../../api/core.ts'
import type { Lease } from '../../api/other.ts'
import { leases } from '../../api/resource-table.ts'
import { type Clock, formatTimestamp, STORY_START } from '../clock.ts'
import type { Kubelet } from './kubelet.ts'

export const LEASE_NAMESPACE = 'kube-node-lease'
const LEASE_SECONDS = 40
const RENEW_SECONDS = 10

export interface Heartbeats {
  /** The Node's Lease comes to be; from now on it beats as long as the kubelet runs and is connected. */
  start(node: Node, kubelet: Kubelet): void
  /** To be called when a kubelet stops, starts, is cut off or comes back. */
  changed(kubelet: Kubelet): void
}

// Simplified: a Lease is renewed without a write: its renewTime, when read, is the last full ten seconds its kubelet was
// alive at. So 100,000 heartbeats cost nothing; a watch on Leases does not see them, and their resourceVersion stays.
export function createHeartbeats(client: ApiClient, clock: Clock): Heartbeats {
  /** The beat after which a kubelet fell silent. */
  const silentSince = new Map<string, string>()
  let beatAt = -1
  let beatText = ''

  const lastBeat = (): string => {
    const at = Math.floor((clock.now() - STORY_START) / 1000 / RENEW_SECONDS) * RENEW_SECONDS * 1000 + STORY_START
    if (at !== beatAt) {
      beatAt = at
      beatText = formatTimestamp(at).replace('Z', '.000000Z')
    }
    return beatText
  }

  const specOf = (name: string): NonNullable<Lease['spec']> => ({
    holderIdentity: name,
    leaseDurationSeconds: LEASE_SECONDS,
    get renewTime() {
      return silentSince.get(name) ?? lastBeat()
    },
  })

  return {
    start(node, kubelet) {
      const { name, uid } = node.metadata
      this.changed(kubelet)
      if (client.get(leases, { namespace: LEASE_NAMESPACE, name }).ok) return
      const ownerReferences = [{ apiVersion: 'v1', kind: 'Node', name, uid }]
      client.create<Lease>(leases, {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: { name, namespace: LEASE_NAMESPACE, ownerReferences },
        spec: specOf(name),
      })
    },
    changed({ name, running, connected }) {
      if (running && connected) silentSince.delete(name)
      else if (!silentSince.has(name)) silentSince.set(name, lastBeat())
    },
  }
}
