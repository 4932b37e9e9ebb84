/**
 * What OpenAPI does not tell of the Go types behind the API: named string types, embedded structs, and which scalars are
 * pointers (so that an explicit `false`, `0` or `""` stays). Upstream: k8s.io/api/*\/v1/types.go (v1.35).
 */
import type { Definition, FieldSchema } from './schema.ts'

/** `Struct.field` → Go type of the value; for lists and maps of scalars, of the items. */
const NAMED: Readonly<Record<string, string>> = {
  'Capabilities.add': 'v1.Capability',
  'Capabilities.drop': 'v1.Capability',
  'AppArmorProfile.type': 'v1.AppArmorProfileType',
  'ConfigMapNodeConfigSource.uid': 'types.UID',
  'Container.imagePullPolicy': 'v1.PullPolicy',
  'Container.restartPolicy': 'v1.ContainerRestartPolicy',
  'Container.terminationMessagePolicy': 'v1.TerminationMessagePolicy',
  'EphemeralContainer.imagePullPolicy': 'v1.PullPolicy',
  'EphemeralContainer.restartPolicy': 'v1.ContainerRestartPolicy',
  'EphemeralContainer.terminationMessagePolicy': 'v1.TerminationMessagePolicy',
  'ContainerPort.protocol': 'v1.Protocol',
  'ContainerResizePolicy.resourceName': 'v1.ResourceName',
  'ContainerResizePolicy.restartPolicy': 'v1.ResourceResizeRestartPolicy',
  'ContainerRestartRule.action': 'v1.ContainerRestartRuleAction',
  'ContainerRestartRuleOnExitCodes.operator': 'v1.ContainerRestartRuleOnExitCodesOperator',
  'CronJobSpec.concurrencyPolicy': 'v1.ConcurrencyPolicy',
  'CSIDriverSpec.fsGroupPolicy': 'v1.FSGroupPolicy',
  'CSIDriverSpec.volumeLifecycleModes': 'v1.VolumeLifecycleMode',
  'DaemonSetUpdateStrategy.type': 'v1.DaemonSetUpdateStrategyType',
  'DeleteOptions.propagationPolicy': 'v1.DeletionPropagation',
  'DeploymentStrategy.type': 'v1.DeploymentStrategyType',
  'EmptyDirVolumeSource.medium': 'v1.StorageMedium',
  'HTTPGetAction.scheme': 'v1.URIScheme',
  'HostPathVolumeSource.type': 'v1.HostPathType',
  'ImageVolumeSource.pullPolicy': 'v1.PullPolicy',
  'IngressSpec.ingressClassName': 'string',
  'HTTPIngressPath.pathType': 'v1.PathType',
  'JobCondition.status': 'v1.ConditionStatus',
  'JobSpec.completionMode': 'v1.CompletionMode',
  'JobSpec.podReplacementPolicy': 'v1.PodReplacementPolicy',
  'LabelSelectorRequirement.operator': 'v1.LabelSelectorOperator',
  'LeaseSpec.strategy': 'v1.CoordinatedLeaseStrategy',
  'Lifecycle.stopSignal': 'v1.Signal',
  'LimitRangeItem.type': 'v1.LimitType',
  'LimitRangeItem.default': 'map v1.ResourceList',
  'LimitRangeItem.defaultRequest': 'map v1.ResourceList',
  'LimitRangeItem.max': 'map v1.ResourceList',
  'LimitRangeItem.maxLimitRequestRatio': 'map v1.ResourceList',
  'LimitRangeItem.min': 'map v1.ResourceList',
  'ManagedFieldsEntry.operation': 'v1.ManagedFieldsOperationType',
  'NamespaceSpec.finalizers': 'v1.FinalizerName',
  'NamespaceStatus.phase': 'v1.NamespacePhase',
  'NetworkPolicyPort.protocol': 'v1.Protocol',
  'NetworkPolicySpec.policyTypes': 'v1.PolicyType',
  'NodeAddress.type': 'v1.NodeAddressType',
  'NodeCondition.status': 'v1.ConditionStatus',
  'NodeCondition.type': 'v1.NodeConditionType',
  'NodeSelectorRequirement.operator': 'v1.NodeSelectorOperator',
  'NodeStatus.allocatable': 'map v1.ResourceList',
  'NodeStatus.capacity': 'map v1.ResourceList',
  'NodeStatus.phase': 'v1.NodePhase',
  'NodeStatus.volumesInUse': 'v1.UniqueVolumeName',
  'ObjectMeta.uid': 'types.UID',
  'ObjectReference.uid': 'types.UID',
  'OwnerReference.uid': 'types.UID',
  'Overhead.podFixed': 'map v1.ResourceList',
  'PersistentVolumeClaimSpec.accessModes': 'v1.PersistentVolumeAccessMode',
  'PersistentVolumeClaimSpec.volumeMode': 'v1.PersistentVolumeMode',
  'PersistentVolumeSpec.accessModes': 'v1.PersistentVolumeAccessMode',
  'PersistentVolumeSpec.capacity': 'map v1.ResourceList',
  'PersistentVolumeSpec.persistentVolumeReclaimPolicy': 'v1.PersistentVolumeReclaimPolicy',
  'PersistentVolumeSpec.volumeMode': 'v1.PersistentVolumeMode',
  'PodCondition.status': 'v1.ConditionStatus',
  'PodCondition.type': 'v1.PodConditionType',
  'PodDisruptionBudgetSpec.unhealthyPodEvictionPolicy': 'v1.UnhealthyPodEvictionPolicyType',
  'PodFailurePolicyOnExitCodesRequirement.operator': 'v1.PodFailurePolicyOnExitCodesOperator',
  'PodFailurePolicyOnPodConditionsPattern.status': 'v1.ConditionStatus',
  'PodFailurePolicyOnPodConditionsPattern.type': 'v1.PodConditionType',
  'PodFailurePolicyRule.action': 'v1.PodFailurePolicyAction',
  'PodOS.name': 'v1.OSName',
  'PodReadinessGate.conditionType': 'v1.PodConditionType',
  'PodSecurityContext.fsGroupChangePolicy': 'v1.PodFSGroupChangePolicy',
  'PodSecurityContext.seLinuxChangePolicy': 'v1.PodSELinuxChangePolicy',
  'PodSecurityContext.supplementalGroupsPolicy': 'v1.SupplementalGroupsPolicy',
  'PodSpec.dnsPolicy': 'v1.DNSPolicy',
  'PodSpec.overhead': 'map v1.ResourceList',
  'PodSpec.preemptionPolicy': 'v1.PreemptionPolicy',
  'PodSpec.restartPolicy': 'v1.RestartPolicy',
  'PodStatus.phase': 'v1.PodPhase',
  'PodStatus.qosClass': 'v1.PodQOSClass',
  'Preconditions.uid': 'types.UID',
  'PriorityClass.preemptionPolicy': 'v1.PreemptionPolicy',
  'ResourceQuotaSpec.hard': 'map v1.ResourceList',
  'ResourceQuotaSpec.scopes': 'v1.ResourceQuotaScope',
  'ResourceQuotaStatus.hard': 'map v1.ResourceList',
  'ResourceQuotaStatus.used': 'map v1.ResourceList',
  'ResourceRequirements.limits': 'map v1.ResourceList',
  'ResourceRequirements.requests': 'map v1.ResourceList',
  'ScopedResourceSelectorRequirement.operator': 'v1.ScopeSelectorOperator',
  'ScopedResourceSelectorRequirement.scopeName': 'v1.ResourceQuotaScope',
  'SeccompProfile.type': 'v1.SeccompProfileType',
  'Secret.type': 'v1.SecretType',
  'SecurityContext.procMount': 'v1.ProcMountType',
  'ServicePort.protocol': 'v1.Protocol',
  'ServiceSpec.externalTrafficPolicy': 'v1.ServiceExternalTrafficPolicy',
  'ServiceSpec.internalTrafficPolicy': 'v1.ServiceInternalTrafficPolicy',
  'ServiceSpec.ipFamilies': 'v1.IPFamily',
  'ServiceSpec.ipFamilyPolicy': 'v1.IPFamilyPolicy',
  'ServiceSpec.sessionAffinity': 'v1.ServiceAffinity',
  'ServiceSpec.type': 'v1.ServiceType',
  'StatefulSetSpec.podManagementPolicy': 'v1.PodManagementPolicyType',
  'StatefulSetUpdateStrategy.type': 'v1.StatefulSetUpdateStrategyType',
  'StatusCause.reason': 'v1.CauseType',
  'StorageClass.reclaimPolicy': 'v1.PersistentVolumeReclaimPolicy',
  'StorageClass.volumeBindingMode': 'v1.VolumeBindingMode',
  'Taint.effect': 'v1.TaintEffect',
  'Toleration.effect': 'v1.TaintEffect',
  'Toleration.operator': 'v1.TolerationOperator',
  'TopologySpreadConstraint.nodeAffinityPolicy': 'v1.NodeInclusionPolicy',
  'TopologySpreadConstraint.nodeTaintsPolicy': 'v1.NodeInclusionPolicy',
  'TopologySpreadConstraint.whenUnsatisfiable': 'v1.UnsatisfiableConstraintAction',
  'VolumeMount.mountPropagation': 'v1.MountPropagationMode',
  'VolumeMount.recursiveReadOnly': 'v1.RecursiveReadOnlyMode',
  'VolumeResourceRequirements.limits': 'map v1.ResourceList',
  'VolumeResourceRequirements.requests': 'map v1.ResourceList',
}

/** Struct → embedded struct whose fields stand beside its own; the named ones, or all but the named ones. */
const EMBEDDED: Readonly<
  Record<string, { readonly struct: string; readonly fields?: readonly string[]; readonly except?: readonly string[] }>
> = {
  Probe: { struct: 'ProbeHandler', fields: ['exec', 'httpGet', 'tcpSocket', 'grpc'] },
  Volume: { struct: 'VolumeSource', except: ['name'] },
  PersistentVolumeSpec: {
    struct: 'PersistentVolumeSource',
    except: [
      'accessModes',
      'capacity',
      'claimRef',
      'mountOptions',
      'nodeAffinity',
      'persistentVolumeReclaimPolicy',
      'storageClassName',
      'volumeAttributesClassName',
      'volumeMode',
    ],
  },
  EphemeralContainer: { struct: 'EphemeralContainerCommon', except: ['targetContainerName'] },
  ConfigMapKeySelector: { struct: 'LocalObjectReference', fields: ['name'] },
  SecretKeySelector: { struct: 'LocalObjectReference', fields: ['name'] },
  ConfigMapEnvSource: { struct: 'LocalObjectReference', fields: ['name'] },
  SecretEnvSource: { struct: 'LocalObjectReference', fields: ['name'] },
  ConfigMapProjection: { struct: 'LocalObjectReference', fields: ['name'] },
  SecretProjection: { struct: 'LocalObjectReference', fields: ['name'] },
  ConfigMapVolumeSource: { struct: 'LocalObjectReference', fields: ['name'] },
}

const POINTERS_TEXT = `
AWSElasticBlockStoreVolumeSource:
AzureDiskVolumeSource: cachingMode fsType kind readOnly
AppArmorProfile: localhostProfile
CSIDriverSpec: attachRequired fsGroupPolicy nodeAllocatableUpdatePeriodSeconds podInfoOnMount requiresRepublish seLinuxMount serviceAccountTokenInSecrets storageCapacity
CSIVolumeSource: fsType readOnly
CephFSVolumeSource:
ClientIPConfig: timeoutSeconds
ClusterTrustBundleProjection: name optional signerName
ConfigMap: immutable
ConfigMapEnvSource: optional
ConfigMapKeySelector: optional
ConfigMapProjection: optional
ConfigMapVolumeSource: defaultMode optional
Container: restartPolicy
ContainerStatus: started
CronJobSpec: failedJobsHistoryLimit startingDeadlineSeconds successfulJobsHistoryLimit suspend timeZone
DaemonSetSpec: revisionHistoryLimit
DaemonSetStatus: collisionCount
DeleteOptions: gracePeriodSeconds ignoreStoreReadErrorWithClusterBreakingPotential orphanDependents propagationPolicy
DeploymentSpec: progressDeadlineSeconds replicas revisionHistoryLimit
DeploymentStatus: collisionCount terminatingReplicas
DownwardAPIVolumeFile: mode
DownwardAPIVolumeSource: defaultMode
EphemeralContainer: restartPolicy
FCVolumeSource: lun
FileKeySelector: optional
GRPCAction: service
HTTPIngressPath: pathType
HostPathVolumeSource: type
ISCSIVolumeSource: initiatorName
IngressSpec: ingressClassName
JobSpec: activeDeadlineSeconds backoffLimit backoffLimitPerIndex completionMode completions managedBy manualSelector maxFailedIndexes parallelism podReplacementPolicy suspend ttlSecondsAfterFinished
JobStatus: failedIndexes ready terminating
KeyToPath: mode
LeaseSpec: holderIdentity leaseDurationSeconds leaseTransitions preferredHolder strategy
Lifecycle: stopSignal
ListMeta: remainingItemCount
LoadBalancerIngress: ipMode
NetworkPolicyPort: endPort protocol
NodeRuntimeHandlerFeatures: recursiveReadOnlyMounts userNamespaces
NodeSwapStatus: capacity
ObjectMeta: deletionGracePeriodSeconds
OwnerReference: blockOwnerDeletion controller
PersistentVolumeClaimSpec: storageClassName volumeAttributesClassName volumeMode
PersistentVolumeSpec: volumeAttributesClassName volumeMode
PodCertificateProjection: maxExpirationSeconds
PodDNSConfigOption: value
PodDisruptionBudgetSpec: unhealthyPodEvictionPolicy
PodFailurePolicyOnExitCodesRequirement: containerName
PodResourceClaim: resourceClaimName resourceClaimTemplateName
PodSecurityContext: fsGroup fsGroupChangePolicy runAsGroup runAsNonRoot runAsUser seLinuxChangePolicy supplementalGroupsPolicy
PodSpec: activeDeadlineSeconds automountServiceAccountToken enableServiceLinks hostUsers hostnameOverride preemptionPolicy priority runtimeClassName setHostnameAsFQDN shareProcessNamespace terminationGracePeriodSeconds
PortStatus: error
Preconditions: resourceVersion uid
PriorityClass: preemptionPolicy
Probe: terminationGracePeriodSeconds
ProjectedVolumeSource: defaultMode
ReplicaSetSpec: replicas
ReplicaSetStatus: terminatingReplicas
ReplicationControllerSpec: replicas
SeccompProfile: localhostProfile
Secret: immutable
SecretEnvSource: optional
SecretKeySelector: optional
SecretProjection: optional
SecretVolumeSource: defaultMode optional
SecurityContext: allowPrivilegeEscalation privileged procMount readOnlyRootFilesystem runAsGroup runAsNonRoot runAsUser
ServiceAccount: automountServiceAccountToken
ServiceAccountTokenProjection: expirationSeconds
ServicePort: appProtocol
ServiceSpec: allocateLoadBalancerNodePorts internalTrafficPolicy ipFamilyPolicy loadBalancerClass trafficDistribution
StatefulSetSpec: replicas revisionHistoryLimit
StatefulSetStatus: collisionCount
StorageClass: allowVolumeExpansion reclaimPolicy volumeBindingMode
TokenRequest: expirationSeconds
TokenRequestSpec: expirationSeconds
Toleration: tolerationSeconds
TopologySpreadConstraint: minDomains nodeAffinityPolicy nodeTaintsPolicy
TypedLocalObjectReference: apiGroup
TypedObjectReference: apiGroup namespace
VolumeMount: mountPropagation recursiveReadOnly
WindowsSecurityContextOptions: gmsaCredentialSpec gmsaCredentialSpecName hostProcess runAsUserName
`

let pointers: ReadonlySet<string> | undefined

/** Whether the scalar is a pointer in Go, so that its zero value is kept when it is written. */
export function isPointer(struct: string, field: string): boolean {
  pointers ??= new Set(
    POINTERS_TEXT.trim()
      .split('\n')
      .flatMap((line) => {
        const [name, fields = ''] = line.split(':')
        return fields
          .trim()
          .split(' ')
          .map((f) => `${name}.${f}`)
      }),
  )
  return pointers.has(`${struct}.${field}`)
}

const NAMED_STRINGS: ReadonlySet<string> = new Set(Object.values(NAMED).filter((name) => !name.startsWith('map ')))

/** Whether the Go type is a string with a name of its own, such as `v1.TaintEffect`. */
export function isNamedString(goType: string): boolean {
  return NAMED_STRINGS.has(goType)
}

/** The embedded struct that the field belongs to in Go, if any: Go's errors name it in the path. */
export function embeddedStruct(struct: string, field: string): string | undefined {
  const embedded = Object.hasOwn(EMBEDDED, struct) ? EMBEDDED[struct] : undefined
  if (embedded === undefined) return undefined
  const inside = embedded.fields?.includes(field) ?? !embedded.except?.includes(field)
  return inside ? embedded.struct : undefined
}

/** The name of a struct as Go prints the type: `v1.Container`, `v2.MetricSpec`. */
export function goStruct(definition: Definition): string {
  const parts = definition.name.split('.')
  return `${parts[parts.length - 2]}.${definition.struct}`
}

/** The Go type of a field's value: `[]v1.Toleration`, `map[string]string`, `int32`, `v1.PullPolicy`. */
export function goTypeOf(owner: Definition, field: FieldSchema): string {
  const key = `${owner.struct}.${field.name}`
  return describeType(field, Object.hasOwn(NAMED, key) ? NAMED[key] : undefined)
}

/** The Go type of the items of a field. */
export function goItemTypeOf(owner: Definition, field: FieldSchema): string {
  const key = `${owner.struct}.${field.name}`
  const named = Object.hasOwn(NAMED, key) ? NAMED[key] : undefined
  return field.items === undefined
    ? 'interface {}'
    : describeType(field.items, named?.startsWith('map ') ? undefined : named)
}

function describeType(field: FieldSchema, named: string | undefined): string {
  switch (field.type) {
    case 'list':
      return `[]${field.items === undefined ? 'interface {}' : describeType(field.items, named)}`
    case 'map':
      if (named?.startsWith('map ')) return named.slice(4)
      return `map[string]${field.items === undefined ? 'interface {}' : describeType(field.items, named)}`
    case 'object':
      return field.definition === undefined ? 'interface {}' : goStruct(field.definition)
    case 'string':
      return named ?? 'string'
    case 'boolean':
      return 'bool'
    case 'integer':
      return field.format ?? 'int'
    case 'number':
      return 'float64'
    case 'bytes':
      return '[]uint8'
    case 'quantity':
      return 'resource.Quantity'
    case 'intOrString':
      return 'intstr.IntOrString'
    case 'time':
      return 'v1.Time'
    case 'microTime':
      return 'v1.MicroTime'
    default:
      return 'runtime.RawExtension'
  }
}
