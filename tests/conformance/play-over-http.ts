/** Plays a recorded case over a socket with a real kubectl, as the recorder did. */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parse } from 'yaml'
import { nodes } from '../../grader/api/resource-table.ts'
import { createStandardCluster } from '../../grader/cluster/standard-cluster.ts'
import { createHandler } from '../../grader/http/handler.ts'
import { kubeconfigText } from '../../grader/http-node/kubeconfig.ts'
import { serve } from '../../grader/http-node/serve.ts'
import { splitWords } from '../../grader/kubectl/words.ts'
import { aliases, mergeNames, type Names, recordedOutput, snapshotOf } from './compare.ts'
import { type CaseNode, nodeObject, type RecordedCase, worldOf } from './play.ts'

/** The recordings were made with this one; other versions word a few things differently. */
const MINOR = '33'
const CANDIDATES = ['kubectl', '/usr/lib/google-cloud-sdk/bin/kubectl.1.33']
/** A kubectl that has not ended by then waits for the cluster: time is moved for it. */
const PATIENCE_MS = 700
const TICK_MS = 100

/** The kubectl of the recordings, if one is installed; KUBECTL may name it. */
export function findKubectl(): string | undefined {
  const all = process.env.KUBECTL === undefined ? CANDIDATES : [process.env.KUBECTL, ...CANDIDATES]
  return all.find((command) => {
    const { stdout, status } = spawnSync(command, ['version', '--client', '-o', 'json'], { encoding: 'utf8' })
    return status === 0 && (JSON.parse(stdout) as { clientVersion: { minor: string } }).clientVersion.minor.startsWith(MINOR)
  })
}

interface Place {
  readonly kubectl: string
  readonly folder: string
  advance(seconds: number): void
}

interface Printed {
  readonly exit: number
  readonly stdout: string
  readonly stderr: string
}

async function run(args: readonly string[], place: Place, attempts = 3): Promise<Printed> {
  const env = { ...process.env, KUBECONFIG: path.join(place.folder, '.kubeconfig'), HOME: place.folder, TZ: 'UTC', COLUMNS: '200' }
  const child = spawn(place.kubectl, args, { cwd: place.folder, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: 90_000 })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (data: Buffer) => {
    stdout += data.toString()
  })
  child.stderr.on('data', (data: Buffer) => {
    stderr += data.toString()
  })
  let exit: number | undefined
  const ended = new Promise<void>((resolve) =>
    child.on('close', (code) => {
      exit = code ?? 124
      resolve()
    }),
  )
  const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))
  await Promise.race([ended, sleep(PATIENCE_MS)])
  while (exit === undefined) {
    place.advance(1)
    await Promise.race([ended, sleep(TICK_MS)])
  }
  // kubectl 1.33 over HTTP/1.1 now and then ends a successful `rollout status` with 1 and no word.
  if (exit === 1 && stderr === '' && args[0] === 'rollout' && attempts > 1) return run(args, place, attempts - 1)
  return { exit, stdout, stderr }
}

/** What each step left behind, in a recording's form. */
export async function playOverHttp(text: string, kubectl: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const recorded = parse(text) as RecordedCase
  const cluster = createStandardCluster({ seed: 1, images: {}, disks: {} })
  const server = await serve({ handler: createHandler(cluster), port: 0 })
  const folder = mkdtempSync(path.join(os.tmpdir(), 'nodewise-case-'))
  writeFileSync(path.join(folder, '.kubeconfig'), kubeconfigText(server.url))
  for (const [name, content] of Object.entries(recorded.files ?? {})) writeFileSync(path.join(folder, name), content)
  const join = (node: CaseNode) => {
    const made = cluster.client().create(nodes, nodeObject(node))
    if (!made.ok) throw new Error(`node ${node.name} could not join: ${made.status.message}`)
    cluster.runDue()
  }
  const settle = () => fetch(`${server.url}/simulation/settle`, { method: 'POST' })
  const record: Readonly<Record<string, unknown>>[] = []
  let names: Names = new Map()
  try {
    for (const node of recorded.nodes ?? []) join(node)
    await settle()
    for (const step of recorded.steps) {
      if (step === 'settle') {
        await settle()
        const snapshot = snapshotOf(worldOf(cluster), names)
        names = snapshot.names
        record.push({ settle: snapshot.settle })
      } else if (step.startsWith('sleep ')) cluster.advance(Number(step.slice(6)))
      else if (step.startsWith('join ')) join(parse(step.slice(5)) as CaseNode)
      else {
        const result = await run(splitWords(step).slice(1), { kubectl, folder, advance: cluster.advance })
        const world = worldOf(cluster)
        names = mergeNames(aliases(world.pods, world.revisions), names)
        record.push({ run: step, exit: result.exit, out: recordedOutput(result.stdout, names), err: recordedOutput(result.stderr, names) })
      }
    }
  } finally {
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return record
}
