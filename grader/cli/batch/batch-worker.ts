// A worker thread of a batch: grades one folder after the other as it is told. The bundled program runs as a whole in a
// worker, so this file starts itself only where it is meant.
import { isMainThread, parentPort, workerData } from 'node:worker_threads'
import { gradeSubmission, type Lab } from '../../index.ts'
import { ExitError } from '../exit.ts'
import { openLab } from '../lab-folders.ts'
import { readSubmission } from '../submission-input.ts'
import { type BatchItem, type BatchRow, failedRow, gradedRow } from './batch-row.ts'

export interface BatchWorkerData {
  readonly role: 'nodewise-batch'
  readonly seed: number
}

/** The file that a Worker has to load. */
export const BATCH_WORKER = new URL(import.meta.url)

const labs = new Map<string, Lab>()

/** Grades one folder. A learner's folder that cannot be read, and a fault of ours, become rows: they never end a batch. */
export function gradeItem(item: BatchItem, seed: number): BatchRow {
  try {
    const lab = labs.get(item.labFolder) ?? openLab(item.labFolder).lab
    labs.set(item.labFolder, lab)
    return gradedRow(item, gradeSubmission(lab, readSubmission([item.folder]), { seed }))
  } catch (error) {
    return failedRow(
      item,
      error instanceof ExitError ? 'unreadable' : 'fault',
      error instanceof Error ? error.message : String(error),
    )
  }
}

if (!isMainThread && (workerData as Partial<BatchWorkerData> | null)?.role === 'nodewise-batch') {
  const { seed } = workerData as BatchWorkerData
  parentPort?.on('message', (item: BatchItem) => parentPort?.postMessage(gradeItem(item, seed)))
}
