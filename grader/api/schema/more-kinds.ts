/**
 * Tables, in the shape of the generated ones, of kinds whose groups are not among the OpenAPI documents at hand:
 * node.k8s.io, storage.k8s.io and authorization.k8s.io. Written after k8s.io/api's types.go.
 */
import type { Description } from './descriptions.ts'
import type { CompactSchema } from './schema.ts'

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1'
const string: CompactSchema = { t: 'string' }
const boolean: CompactSchema = { t: 'boolean' }
const ref = (name: string): CompactSchema => ({ $: name })
const struct = (name: string): CompactSchema => ({ d: {}, $: name })
const requiredString: CompactSchema = { t: 'string', d: '' }
const stringMap: CompactSchema = { t: 'object', m: { t: 'string', d: '' } }
const listOf = (items: CompactSchema, more: CompactSchema = { lt: 'atomic' }): CompactSchema => ({
  t: 'array',
  i: items,
  ...more,
})
const strings = listOf({ t: 'string', d: '' })

const NODE = 'io.k8s.api.node.v1'
const STORAGE = 'io.k8s.api.storage.v1'
const AUTHORIZATION = 'io.k8s.api.authorization.v1'

type Fields = Readonly<Record<string, CompactSchema>>

function kind(
  groupVersion: readonly [string, string],
  name: string,
  fields: Fields,
  required: readonly string[],
): CompactSchema {
  return {
    t: 'object',
    ...(required.length === 0 ? {} : { r: required }),
    k: [[groupVersion[0], groupVersion[1], name]],
    p: { apiVersion: string, kind: string, metadata: struct(`${META}.ObjectMeta`), ...fields },
  }
}

function list(groupVersion: readonly [string, string], name: string, item: string): CompactSchema {
  return {
    t: 'object',
    r: ['items'],
    k: [[groupVersion[0], groupVersion[1], `${name}List`]],
    p: {
      apiVersion: string,
      items: { t: 'array', i: struct(item) },
      kind: string,
      metadata: struct(`${META}.ListMeta`),
    },
  }
}

const nodeV1 = ['node.k8s.io', 'v1'] as const
const storageV1 = ['storage.k8s.io', 'v1'] as const

export const MORE_STRUCTURE: Readonly<Record<string, CompactSchema>> = {
  [`${NODE}.RuntimeClass`]: kind(
    nodeV1,
    'RuntimeClass',
    { handler: requiredString, overhead: ref(`${NODE}.Overhead`), scheduling: ref(`${NODE}.Scheduling`) },
    ['handler'],
  ),
  [`${NODE}.RuntimeClassList`]: list(nodeV1, 'RuntimeClass', `${NODE}.RuntimeClass`),
  [`${NODE}.Overhead`]: {
    t: 'object',
    p: { podFixed: { t: 'object', m: { $: 'io.k8s.apimachinery.pkg.api.resource.Quantity' } } },
  },
  [`${NODE}.Scheduling`]: {
    t: 'object',
    p: { nodeSelector: { ...stringMap, mt: 'atomic' }, tolerations: listOf(struct('io.k8s.api.core.v1.Toleration')) },
  },
  [`${STORAGE}.CSIDriver`]: kind(storageV1, 'CSIDriver', { spec: struct(`${STORAGE}.CSIDriverSpec`) }, ['spec']),
  [`${STORAGE}.CSIDriverList`]: list(storageV1, 'CSIDriver', `${STORAGE}.CSIDriver`),
  [`${STORAGE}.CSIDriverSpec`]: {
    t: 'object',
    p: {
      attachRequired: boolean,
      fsGroupPolicy: string,
      nodeAllocatableUpdatePeriodSeconds: { t: 'integer', f: 'int64' },
      podInfoOnMount: boolean,
      requiresRepublish: boolean,
      seLinuxMount: boolean,
      serviceAccountTokenInSecrets: boolean,
      storageCapacity: boolean,
      tokenRequests: listOf(struct(`${STORAGE}.TokenRequest`)),
      volumeLifecycleModes: listOf({ t: 'string', d: '' }, { lt: 'set' }),
    },
  },
  [`${STORAGE}.TokenRequest`]: {
    t: 'object',
    r: ['audience'],
    p: { audience: requiredString, expirationSeconds: { t: 'integer', f: 'int64' } },
  },
  [`${STORAGE}.StorageClass`]: kind(
    storageV1,
    'StorageClass',
    {
      allowVolumeExpansion: boolean,
      allowedTopologies: listOf(struct('io.k8s.api.core.v1.TopologySelectorTerm')),
      mountOptions: strings,
      parameters: stringMap,
      provisioner: requiredString,
      reclaimPolicy: { t: 'string', e: ['Delete', 'Recycle', 'Retain'] },
      volumeBindingMode: { t: 'string', e: ['Immediate', 'WaitForFirstConsumer'] },
    },
    ['provisioner'],
  ),
  [`${STORAGE}.StorageClassList`]: list(storageV1, 'StorageClass', `${STORAGE}.StorageClass`),
  'io.k8s.api.core.v1.TopologySelectorTerm': {
    t: 'object',
    mt: 'atomic',
    p: { matchLabelExpressions: listOf(struct('io.k8s.api.core.v1.TopologySelectorLabelRequirement')) },
  },
  'io.k8s.api.core.v1.TopologySelectorLabelRequirement': {
    t: 'object',
    r: ['key', 'values'],
    p: { key: requiredString, values: strings },
  },
  [`${AUTHORIZATION}.SelfSubjectAccessReview`]: kind(
    ['authorization.k8s.io', 'v1'],
    'SelfSubjectAccessReview',
    {
      spec: struct(`${AUTHORIZATION}.SelfSubjectAccessReviewSpec`),
      status: struct(`${AUTHORIZATION}.SubjectAccessReviewStatus`),
    },
    ['spec'],
  ),
  [`${AUTHORIZATION}.SelfSubjectAccessReviewSpec`]: {
    t: 'object',
    p: {
      nonResourceAttributes: ref(`${AUTHORIZATION}.NonResourceAttributes`),
      resourceAttributes: ref(`${AUTHORIZATION}.ResourceAttributes`),
    },
  },
  [`${AUTHORIZATION}.NonResourceAttributes`]: { t: 'object', p: { path: string, verb: string } },
  // Simplified: fieldSelector and labelSelector of an access review are not known.
  [`${AUTHORIZATION}.ResourceAttributes`]: {
    t: 'object',
    p: {
      group: string,
      name: string,
      namespace: string,
      resource: string,
      subresource: string,
      verb: string,
      version: string,
    },
  },
  [`${AUTHORIZATION}.SubjectAccessReviewStatus`]: {
    t: 'object',
    r: ['allowed'],
    p: { allowed: { t: 'boolean', d: false }, denied: boolean, evaluationError: string, reason: string },
  },
}

const KIND_FIELDS: Readonly<Record<string, string>> = {
  apiVersion:
    'APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources',
  kind: 'Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds',
  metadata:
    "Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata",
}

export const MORE_DESCRIPTIONS: Readonly<Record<string, Description>> = {
  [`${NODE}.RuntimeClass`]: [
    'RuntimeClass defines a class of container runtime supported in the cluster. The RuntimeClass is used to determine which container runtime is used to run all containers in a pod. RuntimeClasses are manually defined by a user or cluster provisioner, and referenced in the PodSpec. The Kubelet is responsible for resolving the RuntimeClassName reference before running the pod.  For more details, see https://kubernetes.io/docs/concepts/containers/runtime-class/',
    {
      ...KIND_FIELDS,
      handler:
        'handler specifies the underlying runtime and configuration that the CRI implementation will use to handle pods of this class. The possible values are specific to the node & CRI configuration.  It is assumed that all handlers are available on every node, and handlers of the same name are equivalent on every node. The Handler must be lowercase, conform to the DNS Label (RFC 1123) requirements, and is immutable.',
      overhead: 'overhead represents the resource overhead associated with running a pod for a given RuntimeClass.',
      scheduling:
        'scheduling holds the scheduling constraints to ensure that pods running with this RuntimeClass are scheduled to nodes that support it. If scheduling is nil, this RuntimeClass is assumed to be supported by all nodes.',
    },
  ],
  [`${NODE}.Overhead`]: [
    'Overhead structure represents the resource overhead associated with running a pod.',
    { podFixed: 'podFixed represents the fixed resource overhead associated with running a pod.' },
  ],
  [`${NODE}.Scheduling`]: [
    'Scheduling specifies the scheduling constraints for nodes supporting a RuntimeClass.',
    {
      nodeSelector:
        "nodeSelector lists labels that must be present on nodes that support this RuntimeClass. Pods using this RuntimeClass can only be scheduled to a node matched by this selector. The RuntimeClass nodeSelector is merged with a pod's existing nodeSelector. Any conflicts will cause the pod to be rejected in admission.",
      tolerations:
        'tolerations are appended (excluding duplicates) to pods running with this RuntimeClass during admission, effectively unioning the set of nodes tolerated by the pod and the RuntimeClass.',
    },
  ],
  [`${STORAGE}.CSIDriver`]: [
    'CSIDriver captures information about a Container Storage Interface (CSI) volume driver deployed on the cluster.',
    { ...KIND_FIELDS, spec: 'spec represents the specification of the CSI Driver.' },
  ],
  [`${STORAGE}.StorageClass`]: [
    'StorageClass describes the parameters for a class of storage for which PersistentVolumes can be dynamically provisioned.\n\nStorageClasses are non-namespaced; the name of the storage class according to etcd is in ObjectMeta.Name.',
    {
      ...KIND_FIELDS,
      allowVolumeExpansion: 'allowVolumeExpansion shows whether the storage class allow volume expand.',
      mountOptions:
        'mountOptions controls the mountOptions for dynamically provisioned PersistentVolumes of this storage class. e.g. ["ro", "soft"]. Not validated - mount of the PVs will simply fail if one is invalid.',
      parameters:
        'parameters holds the parameters for the provisioner that should create volumes of this storage class.',
      provisioner: 'provisioner indicates the type of the provisioner.',
      reclaimPolicy:
        'reclaimPolicy controls the reclaimPolicy for dynamically provisioned PersistentVolumes of this storage class. Defaults to Delete.',
      volumeBindingMode:
        'volumeBindingMode indicates how PersistentVolumeClaims should be provisioned and bound.  When unset, VolumeBindingImmediate is used. This field is only honored by servers that enable the VolumeScheduling feature.',
    },
  ],
}
