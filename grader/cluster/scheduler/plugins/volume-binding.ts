// Upstream: pkg/scheduler/framework/plugins/volumebinding/volume_binding.go.
// Simplified: PersistentVolumes and claims are no kinds of ours, so a named claim is never found. Its other answers, and
// those of VolumeRestrictions, NodeVolumeLimits and VolumeZone, need volumes that exist; hostPath, emptyDir, configMap,
// secret and projected volumes never matter to the scheduler.
import { type FilterPlugin, podRef } from '../framework.ts'

export const volumeBinding: FilterPlugin = {
  name: 'VolumeBinding',
  concerns: ({ pod }) => pod.pod.spec.volumes?.some((volume) => volume.persistentVolumeClaim !== undefined || volume.ephemeral !== undefined) ?? false,
  preFilter({ pod }) {
    const volumes = pod.pod.spec.volumes ?? []
    for (const [i, volume] of volumes.entries()) {
      const claim = volume.persistentVolumeClaim?.claimName
      if (claim === undefined && volume.ephemeral === undefined) continue
      const message =
        claim === undefined
          ? `waiting for ephemeral volume controller to create the persistentvolumeclaim "${pod.pod.metadata.name}-${volume.name}"`
          : `persistentvolumeclaim "${claim}" not found`
      const path = claim === undefined ? `spec.volumes[${i}].ephemeral` : `spec.volumes[${i}].persistentVolumeClaim.claimName`
      return { plugin: 'VolumeBinding', message, because: [{ code: 'VolumeMissing', object: podRef(pod.pod), path, kubernetes: message }] }
    }
    return undefined
  },
  filter: () => undefined,
}
