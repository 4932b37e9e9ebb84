// Grades many folders on all cores. Each worker has one submission at a time and a limit of time and memory for it; one
// that goes over it is ended and replaced, and costs only its own submission.
import { Worker } from 'node:worker_threads'
import { type BatchItem, type BatchRow, failedRow } from './batch-row.ts'
import { BATCH_WORKER, type BatchWorkerData } from './batch-worker.ts'

export interface BatchOptions {
  readonly jobs: number
  readonly seed: number
  readonly limitSeconds: number
  /** Called as each row is done, in the order in which they end. */
  onRow(row: BatchRow, done: number): void
}

const WORKER_MEMORY_MB = 384

/** The rows in the items' order. Never rejects for what a submission does. */
export function runBatch(items: readonly BatchItem[], options: BatchOptions): Promise<BatchRow[]> {
  const rows: BatchRow[] = []
  let next = 0
  let done = 0
  const finish = (index: number, row: BatchRow) => {
    rows[index] = row
    options.onRow(row, ++done)
  }
  /** One worker after the other until nothing is left to begin. */
  const lane = async () => {
    while (next < items.length) {
      const worker = startWorker(options.seed)
      let alive = true
      while (alive && next < items.length) {
        const index = next++
        const row = await gradeWith(worker, items[index]!, options.limitSeconds)
        finish(index, row)
        alive = row.status !== 'timeout' && row.problem !== CRASHED
      }
      await worker.terminate()
    }
  }
  const lanes = Array.from({ length: Math.max(1, Math.min(options.jobs, items.length)) }, lane)
  return Promise.all(lanes).then(() => rows)
}

const CRASHED = 'the worker ended: out of memory, most likely'

function startWorker(seed: number): Worker {
  const workerData: BatchWorkerData = { role: 'nodewise-batch', seed }
  const worker = new Worker(BATCH_WORKER, { workerData, resourceLimits: { maxOldGenerationSizeMb: WORKER_MEMORY_MB } })
  // Its end is answered per item; without a listener an error would end this process too.
  worker.on('error', () => undefined)
  return worker
}

function gradeWith(worker: Worker, item: BatchItem, limitSeconds: number): Promise<BatchRow> {
  return new Promise((resolve) => {
    const settle = (row: BatchRow) => {
      clearTimeout(timer)
      worker.off('message', settle)
      worker.off('exit', onExit)
      resolve(row)
    }
    const onExit = () => settle(failedRow(item, 'fault', CRASHED))
    const timer = setTimeout(() => {
      worker.off('exit', onExit)
      void worker.terminate()
      settle(failedRow(item, 'timeout', `ended after ${limitSeconds} s`))
    }, limitSeconds * 1000)
    worker.on('message', settle)
    worker.on('exit', onExit)
    worker.postMessage(item)
  })
}
