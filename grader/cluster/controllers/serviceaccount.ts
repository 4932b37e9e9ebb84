// Every namespace gets its `default` ServiceAccount and the ConfigMap `kube-root-ca.crt`.
// Upstream: pkg/controller/serviceaccount/serviceaccounts_controller.go, pkg/controller/certificates/rootcacertpublisher.
import { configMaps, namespaces, serviceAccounts } from '../../api/resource-table.ts'
import type { ComponentParts } from '../cluster.ts'
import { createWorkQueue } from '../machinery/workqueue.ts'

const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nc2ltdWxhdGVkIGNsdXN0ZXI=\n-----END CERTIFICATE-----\n'

/** The service account and root CA publishers in one; both look at one namespace at a time. */
export function serviceAccountController({ clientFor, clock, informers, trace }: ComponentParts): void {
  const client = clientFor('service-account-controller')
  const publisher = clientFor('root-ca-cert-publisher')

  const queue = createWorkQueue({
    name: 'service-account-controller',
    clock,
    trace,
    sync(name) {
      const namespace = informers.store.get(namespaces, { name })
      if (namespace === undefined || namespace.metadata.deletionTimestamp !== undefined) return
      const good = [ensureAccount(name), ensureRootCA(name)].every(Boolean)
      if (good) queue.forget(name)
      else queue.addRateLimited(name)
    },
  })

  const ensureAccount = (namespace: string): boolean => {
    if (informers.store.get(serviceAccounts, { namespace, name: 'default' }) !== undefined) return true
    const metadata = { name: 'default', namespace }
    const made = client.create(serviceAccounts, { apiVersion: 'v1', kind: 'ServiceAccount', metadata })
    return made.ok || made.status.reason === 'AlreadyExists'
  }

  const ensureRootCA = (namespace: string): boolean => {
    if (informers.store.get(configMaps, { namespace, name: 'kube-root-ca.crt' }) !== undefined) return true
    const description =
      'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.'
    const metadata = { name: 'kube-root-ca.crt', namespace, annotations: { 'kubernetes.io/description': description } }
    const made = publisher.create(configMaps, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata,
      data: { 'ca.crt': CERTIFICATE },
    })
    return made.ok || made.status.reason === 'AlreadyExists'
  }

  // The namespaces a control plane begins with were there before anybody could listen.
  for (const namespace of informers.store.list(namespaces)) queue.add(namespace.metadata.name)
  informers.of(namespaces).onChange(({ type, object }) => {
    if (type !== 'DELETED') queue.add(object.metadata.name)
  })
  informers.of(serviceAccounts).onChange(({ type, object }) => {
    if (type === 'DELETED' && object.metadata.name === 'default') queue.add(object.metadata.namespace!)
  })
  informers.of(configMaps).onChange(({ type, object }) => {
    if (type === 'DELETED' && object.metadata.name === 'kube-root-ca.crt') queue.add(object.metadata.namespace!)
  })
}
