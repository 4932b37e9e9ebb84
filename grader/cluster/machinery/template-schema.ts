// The Go structs below a Pod template, in declaration order: what the revision hash is a dump of.
// Upstream: k8s.io/api/core/v1/types.go and apimachinery/pkg/apis/meta/v1/types.go (v1.35). Other versions have other fields.
// Simplified: structs of in-tree volume plug-ins that were removed or never come up here are missing; they count as nil.

/** Per struct its fields: `Name Type`, with `v1.` left out of types, and without a type for strings. */
export const GO_STRUCTS: Readonly<Record<string, string>> = {
  PodTemplateSpec: 'ObjectMeta ObjectMeta, Spec PodSpec',
  ObjectMeta:
    'Name, GenerateName, Namespace, SelfLink, UID types.UID, ResourceVersion, Generation int64, ' +
    'CreationTimestamp Time, DeletionTimestamp *Time, DeletionGracePeriodSeconds *int64, ' +
    'Labels map[string]string, Annotations map[string]string, OwnerReferences []OwnerReference, ' +
    'Finalizers []string, ManagedFields []ManagedFieldsEntry',
  PodSpec:
    'Volumes []Volume, InitContainers []Container, Containers []Container, ' +
    'EphemeralContainers []EphemeralContainer, RestartPolicy RestartPolicy, ' +
    'TerminationGracePeriodSeconds *int64, ActiveDeadlineSeconds *int64, DNSPolicy DNSPolicy, ' +
    'NodeSelector map[string]string, ServiceAccountName, DeprecatedServiceAccount, ' +
    'AutomountServiceAccountToken *bool, NodeName, HostNetwork bool, HostPID bool, HostIPC bool, ' +
    'ShareProcessNamespace *bool, SecurityContext *PodSecurityContext, ImagePullSecrets []LocalObjectReference, ' +
    'Hostname, Subdomain, Affinity *Affinity, SchedulerName, Tolerations []Toleration, HostAliases []HostAlias, ' +
    'PriorityClassName, Priority *int32, DNSConfig *PodDNSConfig, ReadinessGates []PodReadinessGate, ' +
    'RuntimeClassName *string, EnableServiceLinks *bool, PreemptionPolicy *PreemptionPolicy, ' +
    'Overhead ResourceList, TopologySpreadConstraints []TopologySpreadConstraint, SetHostnameAsFQDN *bool, ' +
    'OS *PodOS, HostUsers *bool, SchedulingGates []PodSchedulingGate, ResourceClaims []PodResourceClaim, ' +
    'Resources *ResourceRequirements, HostnameOverride *string, WorkloadRef *WorkloadReference',
  Volume: 'Name, VolumeSource VolumeSource',
  VolumeSource:
    'HostPath *HostPathVolumeSource, EmptyDir *EmptyDirVolumeSource, ' +
    'GCEPersistentDisk *GCEPersistentDiskVolumeSource, AWSElasticBlockStore *AWSElasticBlockStoreVolumeSource, ' +
    'GitRepo *GitRepoVolumeSource, Secret *SecretVolumeSource, NFS *NFSVolumeSource, ISCSI *ISCSIVolumeSource, ' +
    'Glusterfs *GlusterfsVolumeSource, PersistentVolumeClaim *PersistentVolumeClaimVolumeSource, ' +
    'RBD *RBDVolumeSource, FlexVolume *FlexVolumeSource, Cinder *CinderVolumeSource, ' +
    'CephFS *CephFSVolumeSource, Flocker *FlockerVolumeSource, DownwardAPI *DownwardAPIVolumeSource, ' +
    'FC *FCVolumeSource, AzureFile *AzureFileVolumeSource, ConfigMap *ConfigMapVolumeSource, ' +
    'VsphereVolume *VsphereVirtualDiskVolumeSource, Quobyte *QuobyteVolumeSource, ' +
    'AzureDisk *AzureDiskVolumeSource, PhotonPersistentDisk *PhotonPersistentDiskVolumeSource, ' +
    'Projected *ProjectedVolumeSource, PortworxVolume *PortworxVolumeSource, ScaleIO *ScaleIOVolumeSource, ' +
    'StorageOS *StorageOSVolumeSource, CSI *CSIVolumeSource, Ephemeral *EphemeralVolumeSource, ' +
    'Image *ImageVolumeSource',
  HostPathVolumeSource: 'Path, Type *HostPathType',
  EmptyDirVolumeSource: 'Medium StorageMedium, SizeLimit *resource.Quantity',
  SecretVolumeSource: 'SecretName, Items []KeyToPath, DefaultMode *int32, Optional *bool',
  KeyToPath: 'Key, Path, Mode *int32',
  NFSVolumeSource: 'Server, Path, ReadOnly bool',
  PersistentVolumeClaimVolumeSource: 'ClaimName, ReadOnly bool',
  DownwardAPIVolumeSource: 'Items []DownwardAPIVolumeFile, DefaultMode *int32',
  DownwardAPIVolumeFile: 'Path, FieldRef *ObjectFieldSelector, ResourceFieldRef *ResourceFieldSelector, Mode *int32',
  ObjectFieldSelector: 'APIVersion, FieldPath',
  ResourceFieldSelector: 'ContainerName, Resource, Divisor resource.Quantity',
  ConfigMapVolumeSource:
    'LocalObjectReference LocalObjectReference, Items []KeyToPath, DefaultMode *int32, Optional *bool',
  LocalObjectReference: 'Name',
  ProjectedVolumeSource: 'Sources []VolumeProjection, DefaultMode *int32',
  VolumeProjection:
    'Secret *SecretProjection, DownwardAPI *DownwardAPIProjection, ConfigMap *ConfigMapProjection, ' +
    'ServiceAccountToken *ServiceAccountTokenProjection, ClusterTrustBundle *ClusterTrustBundleProjection, ' +
    'PodCertificate *PodCertificateProjection',
  SecretProjection: 'LocalObjectReference LocalObjectReference, Items []KeyToPath, Optional *bool',
  DownwardAPIProjection: 'Items []DownwardAPIVolumeFile',
  ConfigMapProjection: 'LocalObjectReference LocalObjectReference, Items []KeyToPath, Optional *bool',
  ServiceAccountTokenProjection: 'Audience, ExpirationSeconds *int64, Path',
  ClusterTrustBundleProjection: 'Name *string, SignerName *string, LabelSelector *LabelSelector, Optional *bool, Path',
  LabelSelector: 'MatchLabels map[string]string, MatchExpressions []LabelSelectorRequirement',
  LabelSelectorRequirement: 'Key, Operator LabelSelectorOperator, Values []string',
  PodCertificateProjection:
    'SignerName, KeyType, MaxExpirationSeconds *int32, CredentialBundlePath, KeyPath, CertificateChainPath, ' +
    'UserAnnotations map[string]string',
  CSIVolumeSource:
    'Driver, ReadOnly *bool, FSType *string, VolumeAttributes map[string]string, ' +
    'NodePublishSecretRef *LocalObjectReference',
  EphemeralVolumeSource: 'VolumeClaimTemplate *PersistentVolumeClaimTemplate',
  PersistentVolumeClaimTemplate: 'ObjectMeta ObjectMeta, Spec PersistentVolumeClaimSpec',
  PersistentVolumeClaimSpec:
    'AccessModes []PersistentVolumeAccessMode, Selector *LabelSelector, Resources VolumeResourceRequirements, ' +
    'VolumeName, StorageClassName *string, VolumeMode *PersistentVolumeMode, ' +
    'DataSource *TypedLocalObjectReference, DataSourceRef *TypedObjectReference, ' +
    'VolumeAttributesClassName *string',
  VolumeResourceRequirements: 'Limits ResourceList, Requests ResourceList',
  TypedLocalObjectReference: 'APIGroup *string, Kind, Name',
  TypedObjectReference: 'APIGroup *string, Kind, Name, Namespace *string',
  ImageVolumeSource: 'Reference, PullPolicy PullPolicy',
  Container:
    'Name, Image, Command []string, Args []string, WorkingDir, Ports []ContainerPort, EnvFrom []EnvFromSource, ' +
    'Env []EnvVar, Resources ResourceRequirements, ResizePolicy []ContainerResizePolicy, ' +
    'RestartPolicy *ContainerRestartPolicy, RestartPolicyRules []ContainerRestartRule, ' +
    'VolumeMounts []VolumeMount, VolumeDevices []VolumeDevice, LivenessProbe *Probe, ReadinessProbe *Probe, ' +
    'StartupProbe *Probe, Lifecycle *Lifecycle, TerminationMessagePath, ' +
    'TerminationMessagePolicy TerminationMessagePolicy, ImagePullPolicy PullPolicy, ' +
    'SecurityContext *SecurityContext, Stdin bool, StdinOnce bool, TTY bool',
  ContainerPort: 'Name, HostPort int32, ContainerPort int32, Protocol Protocol, HostIP',
  EnvFromSource: 'Prefix, ConfigMapRef *ConfigMapEnvSource, SecretRef *SecretEnvSource',
  ConfigMapEnvSource: 'LocalObjectReference LocalObjectReference, Optional *bool',
  SecretEnvSource: 'LocalObjectReference LocalObjectReference, Optional *bool',
  EnvVar: 'Name, Value, ValueFrom *EnvVarSource',
  EnvVarSource:
    'FieldRef *ObjectFieldSelector, ResourceFieldRef *ResourceFieldSelector, ' +
    'ConfigMapKeyRef *ConfigMapKeySelector, SecretKeyRef *SecretKeySelector, FileKeyRef *FileKeySelector',
  ConfigMapKeySelector: 'LocalObjectReference LocalObjectReference, Key, Optional *bool',
  SecretKeySelector: 'LocalObjectReference LocalObjectReference, Key, Optional *bool',
  FileKeySelector: 'VolumeName, Path, Key, Optional *bool',
  ResourceRequirements: 'Limits ResourceList, Requests ResourceList, Claims []ResourceClaim',
  ResourceClaim: 'Name, Request',
  ContainerResizePolicy: 'ResourceName ResourceName, RestartPolicy ResourceResizeRestartPolicy',
  ContainerRestartRule: 'Action ContainerRestartRuleAction, ExitCodes *ContainerRestartRuleOnExitCodes',
  ContainerRestartRuleOnExitCodes: 'Operator ContainerRestartRuleOnExitCodesOperator, Values []int32',
  VolumeMount:
    'Name, ReadOnly bool, RecursiveReadOnly *RecursiveReadOnlyMode, MountPath, SubPath, ' +
    'MountPropagation *MountPropagationMode, SubPathExpr',
  VolumeDevice: 'Name, DevicePath',
  Probe:
    'ProbeHandler ProbeHandler, InitialDelaySeconds int32, TimeoutSeconds int32, PeriodSeconds int32, ' +
    'SuccessThreshold int32, FailureThreshold int32, TerminationGracePeriodSeconds *int64',
  ProbeHandler: 'Exec *ExecAction, HTTPGet *HTTPGetAction, TCPSocket *TCPSocketAction, GRPC *GRPCAction',
  ExecAction: 'Command []string',
  HTTPGetAction: 'Path, Port intstr.IntOrString, Host, Scheme URIScheme, HTTPHeaders []HTTPHeader',
  HTTPHeader: 'Name, Value',
  TCPSocketAction: 'Port intstr.IntOrString, Host',
  GRPCAction: 'Port int32, Service *string',
  Lifecycle: 'PostStart *LifecycleHandler, PreStop *LifecycleHandler, StopSignal *Signal',
  LifecycleHandler: 'Exec *ExecAction, HTTPGet *HTTPGetAction, TCPSocket *TCPSocketAction, Sleep *SleepAction',
  SleepAction: 'Seconds int64',
  SecurityContext:
    'Capabilities *Capabilities, Privileged *bool, SELinuxOptions *SELinuxOptions, ' +
    'WindowsOptions *WindowsSecurityContextOptions, RunAsUser *int64, RunAsGroup *int64, RunAsNonRoot *bool, ' +
    'ReadOnlyRootFilesystem *bool, AllowPrivilegeEscalation *bool, ProcMount *ProcMountType, ' +
    'SeccompProfile *SeccompProfile, AppArmorProfile *AppArmorProfile',
  Capabilities: 'Add []Capability, Drop []Capability',
  SELinuxOptions: 'User, Role, Type, Level',
  WindowsSecurityContextOptions:
    'GMSACredentialSpecName *string, GMSACredentialSpec *string, RunAsUserName *string, HostProcess *bool',
  SeccompProfile: 'Type SeccompProfileType, LocalhostProfile *string',
  AppArmorProfile: 'Type AppArmorProfileType, LocalhostProfile *string',
  PodSecurityContext:
    'SELinuxOptions *SELinuxOptions, WindowsOptions *WindowsSecurityContextOptions, RunAsUser *int64, ' +
    'RunAsGroup *int64, RunAsNonRoot *bool, SupplementalGroups []int64, ' +
    'SupplementalGroupsPolicy *SupplementalGroupsPolicy, FSGroup *int64, Sysctls []Sysctl, ' +
    'FSGroupChangePolicy *PodFSGroupChangePolicy, SeccompProfile *SeccompProfile, ' +
    'AppArmorProfile *AppArmorProfile, SELinuxChangePolicy *PodSELinuxChangePolicy',
  Sysctl: 'Name, Value',
  Affinity: 'NodeAffinity *NodeAffinity, PodAffinity *PodAffinity, PodAntiAffinity *PodAntiAffinity',
  NodeAffinity:
    'RequiredDuringSchedulingIgnoredDuringExecution *NodeSelector, ' +
    'PreferredDuringSchedulingIgnoredDuringExecution []PreferredSchedulingTerm',
  NodeSelector: 'NodeSelectorTerms []NodeSelectorTerm',
  NodeSelectorTerm: 'MatchExpressions []NodeSelectorRequirement, MatchFields []NodeSelectorRequirement',
  NodeSelectorRequirement: 'Key, Operator NodeSelectorOperator, Values []string',
  PreferredSchedulingTerm: 'Weight int32, Preference NodeSelectorTerm',
  PodAffinity:
    'RequiredDuringSchedulingIgnoredDuringExecution []PodAffinityTerm, ' +
    'PreferredDuringSchedulingIgnoredDuringExecution []WeightedPodAffinityTerm',
  PodAffinityTerm:
    'LabelSelector *LabelSelector, Namespaces []string, TopologyKey, NamespaceSelector *LabelSelector, ' +
    'MatchLabelKeys []string, MismatchLabelKeys []string',
  WeightedPodAffinityTerm: 'Weight int32, PodAffinityTerm PodAffinityTerm',
  PodAntiAffinity:
    'RequiredDuringSchedulingIgnoredDuringExecution []PodAffinityTerm, ' +
    'PreferredDuringSchedulingIgnoredDuringExecution []WeightedPodAffinityTerm',
  Toleration: 'Key, Operator TolerationOperator, Value, Effect TaintEffect, TolerationSeconds *int64',
  HostAlias: 'IP, Hostnames []string',
  PodDNSConfig: 'Nameservers []string, Searches []string, Options []PodDNSConfigOption',
  PodDNSConfigOption: 'Name, Value *string',
  PodReadinessGate: 'ConditionType PodConditionType',
  TopologySpreadConstraint:
    'MaxSkew int32, TopologyKey, WhenUnsatisfiable UnsatisfiableConstraintAction, LabelSelector *LabelSelector, ' +
    'MinDomains *int32, NodeAffinityPolicy *NodeInclusionPolicy, NodeTaintsPolicy *NodeInclusionPolicy, ' +
    'MatchLabelKeys []string',
  PodOS: 'Name OSName',
  PodSchedulingGate: 'Name',
  PodResourceClaim: 'Name, ResourceClaimName *string, ResourceClaimTemplateName *string',
  WorkloadReference: 'Name, PodGroup, PodGroupReplicaKey',
}
