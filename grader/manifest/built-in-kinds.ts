/**
 * Kinds that every v1.35 cluster serves and ours does not simulate: they are no mistakes of the text.
 * Upstream: discovery of kube-apiserver v1.35 with its default settings.
 */
// Simplified: StatefulSet, volumes, Ingress, webhooks and other kinds beside node agents exist in Kubernetes only.
const NOT_SIMULATED: Readonly<Record<string, string>> = {
  v1: 'ComponentStatus Endpoints PersistentVolume PersistentVolumeClaim PodTemplate ReplicationController',
  'admissionregistration.k8s.io/v1':
    'MutatingWebhookConfiguration ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration',
  'apiextensions.k8s.io/v1': 'CustomResourceDefinition',
  'apiregistration.k8s.io/v1': 'APIService',
  'apps/v1': 'StatefulSet',
  'autoscaling/v1': 'HorizontalPodAutoscaler',
  'autoscaling/v2': 'HorizontalPodAutoscaler',
  'certificates.k8s.io/v1': 'CertificateSigningRequest',
  'discovery.k8s.io/v1': 'EndpointSlice',
  'events.k8s.io/v1': 'Event',
  'flowcontrol.apiserver.k8s.io/v1': 'FlowSchema PriorityLevelConfiguration',
  'networking.k8s.io/v1': 'IPAddress Ingress IngressClass ServiceCIDR',
  'resource.k8s.io/v1': 'DeviceClass ResourceClaim ResourceClaimTemplate ResourceSlice',
  'storage.k8s.io/v1': 'CSINode CSIStorageCapacity VolumeAttachment VolumeAttributesClass',
}

/** Whether a real cluster serves the kind although ours does not. */
export function isKindOfRealClusters(apiVersion: string, kind: string): boolean {
  const kinds = Object.hasOwn(NOT_SIMULATED, apiVersion) ? NOT_SIMULATED[apiVersion] : undefined
  return kinds?.split(' ').includes(kind) ?? false
}

/** The newest apiVersion under which a real cluster serves a kind that ours does not simulate. */
export function apiVersionInRealClusters(kind: string): string | undefined {
  return Object.keys(NOT_SIMULATED).findLast((apiVersion) => isKindOfRealClusters(apiVersion, kind))
}
