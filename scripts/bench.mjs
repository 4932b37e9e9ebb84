// The times that matter, measured in one run, as a table and as JSON (--json FILE). Compare figures of one run only:
// machines are noisy. --quick leaves the largest clusters out.
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { daemonSets, nodes, pods } from '../grader/api/resource-table.ts'
import { createStandardCluster } from '../grader/cluster/standard-cluster.ts'
import { gradeSubmission, loadLab } from '../grader/index.ts'
import { readFolder } from '../grader/cli/lab-folders.ts'
import { nodeOf } from '../grader/scenario/machine.ts'

const quick = process.argv.includes('--quick')
const jsonFile = process.argv[process.argv.indexOf('--json') + 1]
const rows = []

/** Median and worst of several runs, in milliseconds. */
function measure(name, aim, runs, run) {
  const times = []
  for (let i = 0; i < runs; i++) {
    const started = performance.now()
    const own = run()
    times.push(typeof own === 'number' ? own : performance.now() - started)
  }
  times.sort((a, b) => a - b)
  const row = { name, medianMs: times[Math.floor(times.length / 2)], worstMs: times.at(-1), runs, aim }
  rows.push(row)
  console.log(`${name.padEnd(66)} ${format(row.medianMs).padStart(9)} ${format(row.worstMs).padStart(9)}   ${aim}`)
  return row.medianMs
}

const format = (ms) => (ms >= 1000 ? `${(ms / 1000).toFixed(2)} s` : `${ms.toFixed(ms < 10 ? 2 : 1)} ms`)

const daemonSet = (name, image = 'registry.example/agent:1') => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name, namespace: 'default' },
  spec: {
    selector: { matchLabels: { app: name } },
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '10%', maxSurge: 0 } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: 'agent', image, resources: { requests: { cpu: '10m', memory: '16Mi' } } }] },
    },
  },
})

function must(result) {
  if (!result.ok) throw new Error(result.status.message)
  return result.value
}

/** A cluster with so many nodes, settled. */
function fleet(count) {
  const cluster = createStandardCluster({ seed: 1, images: {}, disks: {} })
  const client = cluster.client()
  cluster.settle()
  for (let i = 0; i < count; i++) must(client.create(nodes, nodeOf({ name: `node-${i}` })))
  cluster.settle()
  return { cluster, client }
}

function expectReady(client, name, count) {
  const { status } = must(client.get(daemonSets, { namespace: 'default', name }))
  if (status.numberAvailable !== count || status.updatedNumberScheduled !== count) throw new Error(`${name}: ${JSON.stringify(status)}`)
}

function apply({ cluster, client }, count, sets) {
  const started = performance.now()
  for (let i = 0; i < sets; i++) must(client.create(daemonSets, daemonSet(`agent-${i}`)))
  cluster.settle()
  const ms = performance.now() - started
  for (let i = 0; i < sets; i++) expectReady(client, `agent-${i}`, count)
  return ms
}

function update({ cluster, client }, count) {
  const started = performance.now()
  must(client.patch(daemonSets, { namespace: 'default', name: 'agent-0' }, { type: 'strategic', body: { spec: { template: { spec: { containers: [{ name: 'agent', image: 'registry.example/agent:2' }] } } } } }))
  cluster.advance(120)
  cluster.settle()
  const ms = performance.now() - started
  expectReady(client, 'agent-0', count)
  return ms
}

console.log(`${'what'.padEnd(66)} ${'median'.padStart(9)} ${'worst'.padStart(9)}   aim`)

const folder = join(import.meta.dirname, '..', 'labs', '04-tainted-gpu-and-control-plane')
const files = readFolder(folder)
const { lab } = loadLab(files)
const submission = { files: [{ name: 'model.yaml', text: readFileSync(join(folder, 'answers/model.yaml'), 'utf8') }] }
const plays = lab.timelines.length * lab.seeds
for (let i = 0; i < 20; i++) gradeSubmission(lab, submission)
measure(`grade lab 04, ${lab.timelines.length} timelines × ${lab.seeds} seeds (${plays} stories), warm`, '10 ms', 30, () => void gradeSubmission(lab, submission))
const bin = join(import.meta.dirname, '..', 'bin', 'nodewise.mjs')
measure('nodewise grade, cold start of the command line', '300 ms', 7, () => {
  const { status, stderr } = spawnSync(process.execPath, [bin, 'grade', lab.id, join(folder, 'answers/model.yaml'), '--format', 'json'], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
})

const perPod = []
for (const [count, sets, aim, runs] of [
  [1_000, 1, '50 ms', 5],
  [5_000, 10, '2 s', 1],
  ...(quick ? [] : [[100_000, 1, '5 s', 1]]),
]) {
  let last
  const ms = measure(`${count.toLocaleString('en')} nodes × ${sets} DaemonSet${sets > 1 ? 's' : ''}, apply to settled`, aim, runs, () => {
    last = fleet(count)
    return apply(last, count, sets)
  })
  perPod.push({ pods: count * sets, microseconds: (ms * 1000) / (count * sets) })
  if (count === 5_000) measure('5,000 nodes, rolling update of one DaemonSet, maxUnavailable 10 %', '1 s', 1, () => update(last, count))
  if (count === 100_000) {
    const bytes = process.memoryUsage().rss
    console.log(`${'resident memory with 100,000 nodes and Pods'.padEnd(66)} ${`${(bytes / 2 ** 30).toFixed(2)} GB`.padStart(9)}               2 GB`)
    rows.push({ name: 'resident memory, 100,000 nodes', bytes, aim: '2 GB' })
    must(last.client.list(pods, { limit: 1 }))
  }
}
console.log(`time per Pod: ${perPod.map(({ pods: n, microseconds }) => `${microseconds.toFixed(0)} µs at ${n.toLocaleString('en')}`).join(', ')}   (aim: within 1.5×)`)

if (jsonFile !== undefined && process.argv.includes('--json')) writeFileSync(jsonFile, `${JSON.stringify({ rows, perPod }, null, 2)}\n`)
