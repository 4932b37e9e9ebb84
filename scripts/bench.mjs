// The times that matter, measured in one run, as a table and as JSON (--json FILE). Wall time is what a person waits;
// CPU time (user and system, garbage collection included) hardly depends on what else the machine does, so it is what to
// compare between two versions. --quick leaves the largest clusters out.
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { daemonSets, nodes, pods } from '../grader/api/resource-table.ts'
import { readFolder } from '../grader/cli/lab-folders.ts'
import { nodeOf } from '../grader/cluster/kubelet/node-of-machine.ts'
import { createStandardCluster } from '../grader/cluster/standard-cluster.ts'
import { gradeSubmission, loadLab } from '../grader/index.ts'

const quick = process.argv.includes('--quick')
const jsonFile = process.argv[process.argv.indexOf('--json') + 1]
const rows = []

/** CPU milliseconds that this process has used so far, or the processes it has waited for. */
const cpuMs = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** What one piece of work costs: { ms, cpuMs }. */
function timed(work) {
  const before = cpuMs()
  const started = performance.now()
  work()
  return { ms: performance.now() - started, cpuMs: cpuMs() - before }
}

const medianOf = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]

/** Medians and worst of several runs of `run`, which returns { ms, cpuMs }. */
function measure(name, aim, runs, run) {
  const times = Array.from({ length: runs }, () => run())
  const walls = times.map(({ ms }) => ms)
  const row = {
    name,
    medianMs: medianOf(walls),
    medianCpuMs: medianOf(times.map(({ cpuMs: used }) => used)),
    worstMs: Math.max(...walls),
    runs,
    aim,
  }
  rows.push(row)
  printRow([name, format(row.medianMs), format(row.medianCpuMs), format(row.worstMs), aim])
  return row
}

function printRow([name, ...cells]) {
  console.log(`${name.padEnd(66)}${cells.map((cell) => cell.padStart(10)).join('')}`)
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
  if (status.numberAvailable !== count || status.updatedNumberScheduled !== count)
    throw new Error(`${name}: ${JSON.stringify(status)}`)
}

function apply({ cluster, client }, count, sets) {
  const cost = timed(() => {
    for (let i = 0; i < sets; i++) must(client.create(daemonSets, daemonSet(`agent-${i}`)))
    cluster.settle()
  })
  for (let i = 0; i < sets; i++) expectReady(client, `agent-${i}`, count)
  return cost
}

function update({ cluster, client }, count) {
  const body = { spec: { template: { spec: { containers: [{ name: 'agent', image: 'registry.example/agent:2' }] } } } }
  const cost = timed(() => {
    must(client.patch(daemonSets, { namespace: 'default', name: 'agent-0' }, { type: 'strategic', body }))
    cluster.advance(120)
    cluster.settle()
  })
  expectReady(client, 'agent-0', count)
  return cost
}

printRow(['what', 'wall', 'CPU', 'worst', 'aim'])

const folder = join(import.meta.dirname, '..', 'labs', '04-tainted-gpu-and-control-plane')
const { lab } = loadLab(readFolder(folder))
const answer = join(folder, 'answers/model.yaml')
const submission = { files: [{ name: 'model.yaml', text: readFileSync(answer, 'utf8') }] }
const stories = lab.timelines.length * lab.seeds
const grade = () => void gradeSubmission(lab, submission)
for (let i = 0; i < 40; i++) grade()
measure(
  `grade lab 04, ${lab.timelines.length} timelines × ${lab.seeds} seeds (${stories} stories), warm`,
  '10 ms',
  40,
  () => timed(grade),
)

const bin = join(import.meta.dirname, '..', 'dist', 'nodewise.mjs')
// A child reports its own CPU time when it ends: the parent cannot ask for it.
const reportCpu =
  "data:text/javascript,process.on('exit',()=>{const{user,system}=process.cpuUsage();process.stderr.write('cpu='+(user+system))})"
measure('nodewise grade, cold start of the bundled command line', '300 ms', quick ? 5 : 9, () => {
  const started = performance.now()
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', reportCpu, bin, 'grade', lab.id, answer, '--format', 'json'],
    { encoding: 'utf8' },
  )
  const ms = performance.now() - started
  if (status !== 0) throw new Error(stderr)
  return { ms, cpuMs: Number(/cpu=(\d+)/.exec(stderr)[1]) / 1000 }
})

const perPod = []
for (const [count, sets, aim, runs] of [
  [1_000, 1, '50 ms', 7],
  [5_000, quick ? 1 : 10, quick ? '' : '2 s', 1],
  ...(quick ? [] : [[100_000, 1, '5 s', 1]]),
]) {
  let last
  const name = `${count.toLocaleString('en')} nodes × ${sets} DaemonSet${sets > 1 ? 's' : ''}, apply to settled`
  const { medianMs, medianCpuMs } = measure(name, aim, runs, () => {
    last = fleet(count)
    return apply(last, count, sets)
  })
  const each = (ms) => (ms * 1000) / (count * sets)
  perPod.push({ pods: count * sets, microseconds: each(medianMs), cpuMicroseconds: each(medianCpuMs) })
  if (count === 5_000)
    measure('5,000 nodes, rolling update of one DaemonSet, maxUnavailable 10 %', '1 s', 1, () => update(last, count))
  if (count === 100_000) {
    const bytes = process.memoryUsage().rss
    printRow(['resident memory with 100,000 nodes and Pods', `${(bytes / 2 ** 30).toFixed(2)} GB`, '', '', '2 GB'])
    rows.push({ name: 'resident memory, 100,000 nodes', bytes, aim: '2 GB' })
    must(last.client.list(pods, { limit: 1 }))
  }
}
const perPodText = perPod.map(
  (one) => `${one.microseconds.toFixed(0)} / ${one.cpuMicroseconds.toFixed(0)} µs at ${one.pods.toLocaleString('en')}`,
)
console.log(`time per Pod, wall / CPU: ${perPodText.join(', ')}   (aim: within 1.5×)`)

if (jsonFile !== undefined && process.argv.includes('--json'))
  writeFileSync(jsonFile, `${JSON.stringify({ rows, perPod }, null, 2)}\n`)
