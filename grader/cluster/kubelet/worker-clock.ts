// Delayed work of one Pod: void when the Pod's plans have changed, postponed while its kubelet does not run.
import type { Clock } from '../clock.ts'
import { type PodWorker, whenRunning } from './kubelet.ts'

const BY = 'kubelet'

/** Does the work after so many seconds, unless `worker.epoch` has moved on, and not before the kubelet runs. */
export type Later = (worker: PodWorker, seconds: number, work: () => void) => void

export function createLater(clock: Clock): Later {
  return (worker, seconds, work) => {
    const { epoch } = worker
    clock.after(seconds, BY, () => {
      if (worker.epoch !== epoch || worker.over) return
      whenRunning(worker.kubelet, () => {
        if (worker.epoch === epoch && !worker.over) work()
      })
    })
  }
}
