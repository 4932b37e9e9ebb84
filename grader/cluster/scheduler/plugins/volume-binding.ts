// Upstream: pkg/scheduler/framework/plugins/volumebinding/volume_binding.go.
// Simplified: PersistentVolumes and claims are no kinds of ours, so a named claim is never found, and the claim of a generic
// ephemeral volume, which its controller makes at once, stays unbound. Its other answers, and those of VolumeRestrictions,
// NodeVolumeLimits and VolumeZone, need volumes that exist; hostPath, emptyDir, configMap, secret and projected volumes
// never matter to the scheduler.
import type { Pod } from '../../../api/core.ts'
import { type FilterPlugin, type PodRejection, podRef } from '../framework.ts'

export const volumeBinding: FilterPlugin = {
  name: 'VolumeBinding',
  concerns: ({ pod }) =>
    pod.pod.spec.volumes?.some(
      (volume) => volume.persistentVolumeClaim !== undefined || volume.ephemeral !== undefined,
    ) ?? false,
  preFilter({ pod }) {
    const volumes = pod.pod.spec.volumes ?? []
    const missing = volumes.findIndex((volume) => volume.persistentVolumeClaim !== undefined)
    if (missing >= 0) {
      const message = `persistentvolumeclaim "${volumes[missing]!.persistentVolumeClaim!.claimName}" not found`
      return refusal(pod.pod, `spec.volumes[${missing}].persistentVolumeClaim.claimName`, message)
    }
    const unbound = volumes.findIndex((volume) => volume.ephemeral !== undefined)
    if (unbound >= 0)
      return refusal(pod.pod, `spec.volumes[${unbound}].ephemeral`, 'pod has unbound immediate PersistentVolumeClaims')
    return undefined
  },
  filter: () => undefined,
}

function refusal(pod: Pod, path: string, message: string): PodRejection {
  return {
    plugin: 'VolumeBinding',
    message,
    because: [{ code: 'VolumeMissing', object: podRef(pod), path, kubernetes: message }],
  }
}
