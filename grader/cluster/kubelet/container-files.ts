// The files that a container sees: a plain image, what the kubelet writes into it, and what is mounted.
// Upstream: pkg/kubelet/kubelet_pods.go (makeMounts), pkg/volume/{configmap,secret,projected,downwardapi,hostpath}.
import type { KeyToPath, Volume, VolumeMount } from '../../api/core.ts'
import type { JsonObject } from '../../api/meta.ts'
import { dataOf, fieldOf, hostnameOf, type Inside, resourceOf } from './container-environment.ts'
import { createFileTree, DIRECTORY, type FileEntry, type FileTree, file } from './shell/file-tree.ts'
import { pathsBelow } from './volume.ts'

type Files = readonly (readonly [string, FileEntry])[]

// Simplified: every image is a small Linux with the same few files; emptyDirs are empty, persistent volumes too.
/** All files of a container, the image's first and the mounts over them. */
export function filesOf(inside: Inside): FileTree {
  const { worker, container } = inside
  const tree = createFileTree(imageFiles(inside))
  for (const mount of container.spec.volumeMounts ?? []) {
    const volume = worker.pod.spec.volumes?.find(({ name }) => name === mount.name)
    if (volume !== undefined) mountAt(tree, mount, volumeFiles(volume, inside))
  }
  return tree
}

function mountAt(tree: FileTree, { mountPath, subPath = '' }: VolumeMount, files: Files): void {
  const below = subPath === '' ? '' : `/${subPath.replace(/^\/+|\/+$/g, '')}`
  const target = mountPath.replace(/\/+$/, '') || '/'
  const isFile = files.some(([path, { type }]) => path === below && type !== 'd')
  if (!isFile) tree.add(target, DIRECTORY)
  for (const [path, entry] of files)
    if (path === below || path.startsWith(`${below}/`)) tree.add(`${target}${path.slice(below.length)}`, entry)
}

function imageFiles({ worker, container }: Inside): Files {
  const { pod, podIP = '' } = worker
  const { namespace = 'default' } = pod.metadata
  const hostname = hostnameOf(worker)
  const directories = [
    '/bin',
    '/dev',
    '/etc',
    '/home',
    '/lib',
    '/proc',
    '/root',
    '/sys',
    '/tmp',
    '/usr',
    '/var',
    '/var/log',
  ]
  return [
    ...directories.map((path) => [path, DIRECTORY] as const),
    ['/dev/null', { type: 'c', text: '' }],
    ['/dev/termination-log', file('')],
    ['/etc/hostname', file(`${hostname}\n`)],
    ['/etc/hosts', file(hostsFile(podIP, hostname, pod.spec.hostNetwork === true))],
    [
      '/etc/os-release',
      file('PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nID=debian\n'),
    ],
    [
      '/etc/passwd',
      file('root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n'),
    ],
    [
      '/etc/resolv.conf',
      file(
        `search ${namespace}.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n`,
      ),
    ],
    ['/proc/1/cmdline', file([...(container.spec.command ?? []), ...(container.spec.args ?? [])].join('\0'))],
  ]
}

function hostsFile(podIP: string, hostname: string, isHostNetwork: boolean): string {
  const start = isHostNetwork
    ? '# Kubernetes-managed hosts file (host network).\n'
    : '# Kubernetes-managed hosts file.\n'
  return `${start}127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n${podIP}\t${hostname}\n`
}

/** What a volume holds, by the path inside it; `''` is the volume itself. */
function volumeFiles(volume: Volume, inside: Inside): Files {
  const { configMap, secret, downwardAPI, projected, hostPath } = volume
  if (configMap !== undefined) return chosen(dataOf(inside, 'configmap', configMap.name), configMap)
  if (secret !== undefined) return chosen(dataOf(inside, 'secret', secret.secretName), secret)
  if (downwardAPI !== undefined) return downwardFiles(downwardAPI, inside)
  if (projected !== undefined) return (projected.sources ?? []).flatMap((source) => projectedFiles(source, inside))
  return hostPath === undefined ? [] : hostFiles(hostPath.path, inside)
}

interface Choice {
  readonly items?: readonly KeyToPath[]
  readonly defaultMode?: number
}

function chosen(data: Readonly<Record<string, string>> | undefined, { items, defaultMode }: Choice): Files {
  if (data === undefined) return []
  const wanted: readonly KeyToPath[] = items ?? Object.keys(data).map((key) => ({ key, path: key }))
  return wanted.flatMap(({ key, path, mode }) => {
    const bits = mode ?? defaultMode
    const text = data[key]
    return text === undefined
      ? []
      : [[`/${path}`, { ...file(text), ...(bits === undefined ? {} : { mode: bits }) }] as const]
  })
}

interface DownwardItem {
  readonly path: string
  readonly fieldRef?: { readonly fieldPath: string }
  readonly resourceFieldRef?: { readonly containerName?: string; readonly resource: string; readonly divisor?: string }
}

function downwardFiles(source: JsonObject, inside: Inside): Files {
  return ((source.items ?? []) as unknown as readonly DownwardItem[]).map(({ path, fieldRef, resourceFieldRef }) => [
    `/${path}`,
    file(
      fieldRef !== undefined
        ? fieldOf(fieldRef.fieldPath, inside.worker)
        : resourceFieldRef === undefined
          ? ''
          : resourceOf(resourceFieldRef, inside),
    ),
  ])
}

interface ProjectedSource {
  readonly configMap?: Choice & { readonly name?: string }
  readonly secret?: Choice & { readonly name?: string }
  readonly downwardAPI?: JsonObject
  readonly serviceAccountToken?: { readonly path: string }
}

function projectedFiles(source: JsonObject, inside: Inside): Files {
  const { configMap, secret, downwardAPI, serviceAccountToken } = source as unknown as ProjectedSource
  if (configMap !== undefined) return chosen(dataOf(inside, 'configmap', configMap.name), configMap)
  if (secret !== undefined) return chosen(dataOf(inside, 'secret', secret.name), secret)
  if (downwardAPI !== undefined) return downwardFiles(downwardAPI, inside)
  if (serviceAccountToken === undefined) return []
  const { namespace = 'default' } = inside.worker.pod.metadata
  const account = inside.worker.pod.spec.serviceAccountName ?? 'default'
  return [[`/${serviceAccountToken.path}`, file(`token-of-${namespace}-${account}`)]]
}

/** What the machine has below the path. The kinds are known, the contents are not. */
function hostFiles(path: string, { worker }: Inside): Files {
  const letters = { Directory: 'd', File: '-', Socket: 's', CharDevice: 'c', BlockDevice: 'b' } as const
  const prefix = path.replace(/\/+$/, '')
  return pathsBelow(path, worker.kubelet.disk).map(([below, kind]) => [
    below.slice(prefix.length),
    { type: letters[kind], text: '' },
  ])
}
