// What a Pod wants mounted, against what there is. Upstream: pkg/volume/{hostpath,configmap,secret,projected}.
import type { KeyToPath, Pod, Volume } from '../../api/core.ts'
import type { HostPathKind } from '../cluster-config.ts'
import { type Configs, hasKey } from './container-start.ts'
import type { Kubelet } from './kubelet.ts'

/** A volume that cannot be mounted. `because` is the error inside the FailedMount event. */
export interface MountProblem {
  readonly volume: string
  readonly because: string
  readonly path: string
  readonly code: 'HostPathMissing' | 'ConfigMissing' | 'VolumeMissing'
}

/** Every volume that cannot be mounted on the machine now, in the Pod's order. */
export function mountProblems(pod: Pod, kubelet: Kubelet, configs: Configs): readonly MountProblem[] {
  const volumes = pod.spec.volumes
  if (volumes === undefined || kubelet.runsEverything) return NONE
  let problems: MountProblem[] | undefined
  for (let i = 0; i < volumes.length; i++) {
    const problem = problemOf(volumes[i]!, `spec.volumes[${i}]`, { pod, kubelet, configs })
    if (problem === undefined) continue
    problems ??= []
    problems.push(problem)
  }
  return problems ?? NONE
}

const NONE: readonly MountProblem[] = []

interface Surroundings {
  readonly pod: Pod
  readonly kubelet: Kubelet
  readonly configs: Configs
}

function problemOf(volume: Volume, path: string, around: Surroundings): MountProblem | undefined {
  if (volume.hostPath !== undefined) {
    const because = hostPathProblem(volume.hostPath, around.kubelet.disk)
    return because === undefined
      ? undefined
      : { volume: volume.name, because, path: `${path}.hostPath`, code: 'HostPathMissing' }
  }
  const source = sourceOf(volume)
  if (source === undefined) return undefined
  const because = sourceProblem(source, around)
  return because === undefined
    ? undefined
    : { volume: volume.name, because, path: `${path}.${source.field}`, code: 'ConfigMissing' }
}

interface Source {
  readonly kind: 'configmap' | 'secret'
  readonly field: string
  readonly name: string
  readonly optional: boolean
  readonly items: readonly KeyToPath[]
}

// Simplified: projected volumes are always there; their ConfigMaps and Secrets are not looked for.
function sourceOf({ configMap, secret }: Volume): Source | undefined {
  if (configMap !== undefined) {
    return {
      kind: 'configmap',
      field: 'configMap.name',
      name: configMap.name ?? '',
      optional: configMap.optional === true,
      items: configMap.items ?? [],
    }
  }
  if (secret !== undefined) {
    return {
      kind: 'secret',
      field: 'secret.secretName',
      name: secret.secretName ?? '',
      optional: secret.optional === true,
      items: secret.items ?? [],
    }
  }
  return undefined
}

function sourceProblem({ kind, name, optional, items }: Source, { pod, configs }: Surroundings): string | undefined {
  if (optional) return undefined
  const { namespace = 'default' } = pod.metadata
  const object = kind === 'configmap' ? configs.configMap({ namespace, name }) : configs.secret({ namespace, name })
  if (object === undefined) return `${kind} "${name}" not found`
  const missing = items.find(({ key }) => !hasKey(object, key))
  return missing === undefined
    ? undefined
    : `references non-existent ${kind === 'configmap' ? 'config' : 'secret'} key: ${missing.key}`
}

/** What stands on every Linux machine, besides what its own disk says. */
const USUAL_DISK: Readonly<Record<string, HostPathKind>> = {
  '/': 'Directory',
  '/bin': 'Directory',
  '/boot': 'Directory',
  '/dev': 'Directory',
  '/dev/disk': 'Directory',
  '/dev/kmsg': 'CharDevice',
  '/dev/null': 'CharDevice',
  '/dev/fuse': 'CharDevice',
  '/dev/sda': 'BlockDevice',
  '/etc': 'Directory',
  '/etc/cni': 'Directory',
  '/etc/cni/net.d': 'Directory',
  '/etc/group': 'File',
  '/etc/hostname': 'File',
  '/etc/hosts': 'File',
  '/etc/kubernetes': 'Directory',
  '/etc/kubernetes/manifests': 'Directory',
  '/etc/localtime': 'File',
  '/etc/machine-id': 'File',
  '/etc/os-release': 'File',
  '/etc/passwd': 'File',
  '/etc/ssl': 'Directory',
  '/etc/ssl/certs': 'Directory',
  '/home': 'Directory',
  '/lib': 'Directory',
  '/lib/modules': 'Directory',
  '/mnt': 'Directory',
  '/opt': 'Directory',
  '/opt/cni': 'Directory',
  '/opt/cni/bin': 'Directory',
  '/proc': 'Directory',
  '/root': 'Directory',
  '/run': 'Directory',
  '/run/containerd': 'Directory',
  '/run/containerd/containerd.sock': 'Socket',
  '/run/systemd': 'Directory',
  '/run/udev': 'Directory',
  '/run/xtables.lock': 'File',
  '/sys': 'Directory',
  '/sys/fs/bpf': 'Directory',
  '/sys/fs/cgroup': 'Directory',
  '/sys/kernel': 'Directory',
  '/sys/kernel/debug': 'Directory',
  '/tmp': 'Directory',
  '/usr': 'Directory',
  '/usr/lib': 'Directory',
  '/usr/src': 'Directory',
  '/var': 'Directory',
  '/var/lib': 'Directory',
  '/var/lib/cni': 'Directory',
  '/var/lib/containerd': 'Directory',
  '/var/lib/kubelet': 'Directory',
  '/var/lib/kubelet/device-plugins': 'Directory',
  '/var/lib/kubelet/plugins': 'Directory',
  '/var/lib/kubelet/plugins_registry': 'Directory',
  '/var/lib/kubelet/pods': 'Directory',
  '/var/log': 'Directory',
  '/var/log/containers': 'Directory',
  '/var/log/journal': 'Directory',
  '/var/log/pods': 'Directory',
}

/** `/run` and `/var/run` are one directory. */
function normalPath(path: string): string {
  const plain = path.length > 1 ? path.replace(/\/+/g, '/').replace(/(.)\/$/, '$1') : path
  return plain === '/var/run' || plain.startsWith('/var/run/') ? plain.slice(4) : plain
}

// Simplified: a usual machine has the paths of one list, and nothing in them changes; a lab's `disk` adds to it.
/** What is at the path of the machine. */
export function kindAt(
  path: string,
  disk: Readonly<Record<string, HostPathKind>> | undefined,
): HostPathKind | undefined {
  const normal = normalPath(path)
  return disk?.[path] ?? disk?.[normal] ?? USUAL_DISK[normal]
}

/** Every path below the directory that the machine has, with what is there. */
export function pathsBelow(
  directory: string,
  disk: Readonly<Record<string, HostPathKind>> | undefined,
): readonly (readonly [string, HostPathKind])[] {
  const prefix = `${normalPath(directory).replace(/\/$/, '')}/`
  return Object.entries({ ...USUAL_DISK, ...disk }).filter(([path]) => path !== '/' && path.startsWith(prefix))
}

const WANTED: Readonly<
  Record<string, { readonly kind: HostPathKind; readonly words: string; readonly orCreate?: true }>
> = {
  Directory: { kind: 'Directory', words: 'a directory' },
  DirectoryOrCreate: { kind: 'Directory', words: 'a directory', orCreate: true },
  File: { kind: 'File', words: 'a file' },
  FileOrCreate: { kind: 'File', words: 'a file', orCreate: true },
  Socket: { kind: 'Socket', words: 'a socket file' },
  CharDevice: { kind: 'CharDevice', words: 'a character device' },
  BlockDevice: { kind: 'BlockDevice', words: 'a block device' },
}

/** The error of a hostPath whose type is not what is there. Upstream: pkg/volume/hostpath/host_path.go (checkType). */
export function hostPathProblem(
  { path, type = '' }: { readonly path: string; readonly type?: string },
  disk: Readonly<Record<string, HostPathKind>> | undefined,
): string | undefined {
  const wanted = WANTED[type]
  if (wanted === undefined) return undefined
  const found = kindAt(path, disk)
  if (found === wanted.kind) return undefined
  if (found === undefined && wanted.orCreate === true) {
    const parent = path.replace(/\/[^/]+\/?$/, '') || '/'
    if (type === 'DirectoryOrCreate' || kindAt(parent, disk) === 'Directory') return undefined
    return `open ${path}: no such file or directory`
  }
  return `hostPath type check failed: ${path} is not ${wanted.words}`
}
