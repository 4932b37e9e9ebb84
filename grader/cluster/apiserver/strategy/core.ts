// Strategies of the other core kinds. Upstream: pkg/registry/core/*/strategy.go, pkg/apis/core/v1/{conversion,defaults}.go.

import { encodeBase64 } from '../../../api/base64.ts'
import type { Namespace, Secret, ServiceAccount } from '../../../api/core.ts'
import type { JsonObject, KubeObject } from '../../../api/meta.ts'
import { type Draft, keep, type Strategy } from './strategy.ts'

const NAMESPACE_NAME_LABEL = 'kubernetes.io/metadata.name'

function labelWithName(draft: Draft): void {
  const { name, labels } = draft.metadata
  if (name !== '' && labels?.[NAMESPACE_NAME_LABEL] !== name)
    draft.metadata.labels = { ...labels, [NAMESPACE_NAME_LABEL]: name }
}

export const namespaceStrategy: Strategy = {
  prepareForCreate(draft) {
    draft.status = { phase: 'Active' }
    const finalizers = (draft as Partial<Namespace>).spec?.finalizers ?? []
    draft.spec = finalizers.includes('kubernetes')
      ? draft.spec
      : { ...(draft.spec as JsonObject), finalizers: [...finalizers, 'kubernetes'] }
  },
  prepareForUpdate(draft, old) {
    keep(draft, old, 'spec')
    keep(draft, old, 'status')
  },
  // The label is certain only once the name is.
  canonicalize: labelWithName,
}

/** Nodes keep the status they are created with: a kubelet registers itself whole. */
export const nodeStrategy: Strategy = { prepareForUpdate: (draft, old) => keep(draft, old, 'status') }

function onlySecretNames(draft: Draft): void {
  const { secrets } = draft as Partial<ServiceAccount>
  if (secrets?.some((secret) => Object.keys(secret).length > 1) === true)
    draft.secrets = secrets.map(({ name }) => ({ name }))
}

export const serviceAccountStrategy: Strategy = {
  prepareForCreate: onlySecretNames,
  prepareForUpdate: onlySecretNames,
}

/** stringData is for writing only: it is encoded into data. */
function encodeStringData(draft: Draft): void {
  const { stringData, data } = draft as Partial<Secret>
  if (stringData === undefined) return
  const encoded = Object.entries(stringData).map(([key, text]) => [key, encodeBase64(text)] as const)
  draft.data = { ...data, ...Object.fromEntries(encoded) }
  delete draft.stringData
}

export const secretStrategy: Strategy = {
  prepareForCreate: encodeStringData,
  prepareForUpdate(draft, old) {
    encodeStringData(draft)
    if (draft.type === undefined || draft.type === '') keep(draft, old, 'type')
  },
}

/** An address of the service range that depends on the Service's place alone, so that a story repeats itself. */
function clusterAddress({ metadata }: Draft | KubeObject): string {
  let hash = 2_166_136_261
  for (const char of `${metadata.namespace ?? ''}/${metadata.name}`)
    hash = Math.imul(hash ^ char.codePointAt(0)!, 16_777_619)
  return `10.96.${(hash >>> 8) & 255}.${1 + ((hash >>> 16) % 254)}`
}

function allocateAddress(draft: Draft): void {
  const spec = (draft.spec ?? {}) as JsonObject
  if (spec.type === 'ExternalName' || (spec.clusterIP !== undefined && spec.clusterIP !== '')) {
    if (typeof spec.clusterIP === 'string' && spec.clusterIP !== '' && spec.clusterIPs === undefined)
      draft.spec = { ...spec, clusterIPs: [spec.clusterIP] }
    return
  }
  const address = clusterAddress(draft)
  draft.spec = { ...spec, clusterIP: address, clusterIPs: [address] }
}

/** Simplified: a Service's address is a hash of its name; two Services may get the same one, and nothing listens there. */
export const serviceStrategy: Strategy = {
  createOnUpdate: true,
  prepareForCreate(draft) {
    draft.status = { loadBalancer: {} }
  },
  prepareForUpdate(draft, old) {
    keep(draft, old, 'status')
    const before = ((old as unknown as { spec?: JsonObject }).spec ?? {}) as JsonObject
    const after = (draft.spec ?? {}) as JsonObject
    if (after.type !== 'ExternalName' && (after.clusterIP ?? '') === '' && before.clusterIP !== undefined) {
      draft.spec = {
        ...after,
        clusterIP: before.clusterIP,
        ...(before.clusterIPs === undefined ? {} : { clusterIPs: before.clusterIPs }),
      }
    }
  },
  canonicalize: allocateAddress,
}
