// What a kubelet answers about its containers: logs, and programs run in them.
// Upstream: pkg/kubelet/server/server.go, pkg/kubelet/kubelet_pods.go (GetKubeletContainerLogs, GetExec).
import { type ApiResult, badRequestStatus, internalErrorStatus, refused, succeeded } from '../../api/api-status.ts'
import type { Pod } from '../../api/core.ts'
import { type JsonObject, keyOf } from '../../api/meta.ts'
import type { KubeletHook, KubeletHooks } from '../apiserver/subresources.ts'
import type { Clock } from '../clock.ts'
import { type ContainerRecord, isRunning } from './container.ts'
import { environmentOf, hostnameOf, type Inside } from './container-environment.ts'
import { filesOf } from './container-files.ts'
import { chooseRun, formatLog } from './container-log.ts'
import type { Configs } from './container-start.ts'
import type { Behaviours } from './image-behaviour.ts'
import type { Kubelet, PodWorker } from './kubelet.ts'
import type { Output, ProcessLine, Surroundings } from './shell/program.ts'
import { runProgram } from './shell/shell.ts'

const KUBELET_PORT = 10250

export interface KubeletServerParts {
  readonly clock: Clock
  readonly kubelets: ReadonlyMap<string, Kubelet>
  readonly behaviourOf: Behaviours
  readonly configs: Configs
}

interface Found {
  readonly worker: PodWorker
  readonly container: ContainerRecord
}

/** The answers of all kubelets, for the API server to ask. */
export function createKubeletServer({
  clock,
  kubelets,
  behaviourOf,
  configs,
}: KubeletServerParts): Required<KubeletHooks> {
  const log: KubeletHook = (pod, query) => {
    const kubelet = kubelets.get(pod.spec.nodeName ?? '')
    const path = `containerLogs/${pod.metadata.namespace}/${pod.metadata.name}/${query.container}`
    const unreachable = dialError(kubelet)
    if (unreachable !== undefined)
      return refused(
        plainError(`Get "https://${kubelet?.hostIP ?? pod.spec.nodeName}:${KUBELET_PORT}/${path}": ${unreachable}`),
      )
    const found = find(kubelet!, pod, query.container ?? '')
    if (found === undefined)
      return refused(badRequestStatus(`container "${query.container}" in pod "${pod.metadata.name}" is not available`))
    const choice = chooseRun(pod, found.container, query.previous === 'true')
    if ('problem' in choice) return refused(badRequestStatus(choice.problem))
    const { container } = found
    const image = container.spec.image ?? ''
    return succeeded({
      log: formatLog({ image, behaviour: behaviourOf(container), run: choice.run }, query, clock.now()),
    })
  }

  const exec: KubeletHook = (pod, query) => {
    const kubelet = kubelets.get(pod.spec.nodeName ?? '')
    const unreachable = dialError(kubelet)
    if (unreachable !== undefined) return refused(plainError(`error dialing backend: ${unreachable}`))
    const found = find(kubelet!, pod, query.container ?? '')
    if (found === undefined || !isRunning(found.container))
      return refused(internalErrorStatus(`unable to upgrade connection: container not found ("${query.container}")`))
    const command = commandOf(query.command)
    const output = runInside({ ...found, configs }, command, { stdin: query.stdin ?? '', now: clock.timestamp() })
    if (output === undefined) return refused(internalErrorStatus(execError(command[0] ?? '', pod.metadata.uid)))
    return succeeded(output as unknown as JsonObject) satisfies ApiResult<JsonObject>
  }

  return { log, exec }
}

function find(kubelet: Kubelet, pod: Pod, name: string): Found | undefined {
  const worker = kubelet.pods.get(keyOf(pod))
  if (worker === undefined || worker.pod.metadata.uid !== pod.metadata.uid) return undefined
  const container = [...worker.init, ...worker.containers].find(({ spec }) => spec.name === name)
  return container === undefined ? undefined : { worker, container }
}

/** Why the API server does not reach the kubelet: nobody listens, or nothing answers. */
function dialError(kubelet: Kubelet | undefined): string | undefined {
  if (kubelet === undefined) return 'dial tcp: lookup failed: no such host'
  const target = `dial tcp ${kubelet.hostIP}:${KUBELET_PORT}`
  if (!kubelet.connected) return `${target}: i/o timeout`
  return kubelet.running ? undefined : `${target}: connect: connection refused`
}

/** An error that is no API status: 500, without a reason. */
const plainError = (message: string) => ({ ...internalErrorStatus(message), reason: '' as const, message })

/** containerd's words for a program that the image does not have. */
const execError = (program: string, uid: string): string =>
  `Internal error occurred: error executing command in container: failed to exec in container: failed to start exec "${uid.replaceAll('-', '')}": OCI runtime exec failed: exec failed: unable to start container process: exec: "${program}": executable file not found in $PATH`

/** The words of the query: a JSON list. */
function commandOf(text = '[]'): readonly string[] {
  try {
    const words: unknown = JSON.parse(text)
    return Array.isArray(words) ? words.map(String) : []
  } catch {
    return [text]
  }
}

/** Runs a program in a container; undefined if its image has none of that name. */
export function runInside(
  inside: Inside,
  command: readonly string[],
  { stdin, now }: { readonly stdin: string; readonly now: string },
): Output | undefined {
  const { worker, container } = inside
  const security = { ...worker.pod.spec.securityContext, ...container.spec.securityContext }
  const uid = security.runAsUser ?? 0
  const around: Surroundings = {
    files: filesOf(inside),
    environment: new Map(environmentOf(inside)),
    hostname: hostnameOf(worker),
    uid,
    gid: security.runAsGroup ?? 0,
    processes: processesOf(inside, command, uid),
    now,
    run: runProgram,
    directory: container.spec.workingDir ?? '/',
    lastExitCode: 0,
    exited: false,
  }
  return runProgram(command, stdin, around)
}

function processesOf({ container }: Inside, command: readonly string[], uid: number): readonly ProcessLine[] {
  const { spec } = container
  const own = [...(spec.command ?? []), ...(spec.args ?? [])].join(' ')
  const name = (spec.image ?? '').replace(/[:@].*$/, '').replace(/^.*\//, '')
  const user = uid === 0 ? 'root' : String(uid)
  return [
    { pid: 1, user, command: own === '' ? name : own },
    { pid: 7, user, command: command.join(' ') },
  ]
}
