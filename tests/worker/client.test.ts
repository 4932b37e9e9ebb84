import { expect, test } from 'vitest'
import { createGraderClient } from '../../src/worker/client.ts'
import type { FromWorker, ToWorker } from '../../src/worker/protocol.ts'

/** A worker of the page, as far as the client knows one. `answers` decides what comes back, if anything. */
class FakeWorker {
  onmessage: ((event: { data: FromWorker }) => void) | null = null
  onerror: ((event: { message: string; preventDefault: () => void }) => void) | null = null
  readonly received: ToWorker[] = []
  isTerminated = false
  readonly answers: (message: ToWorker, worker: FakeWorker) => void

  constructor(answers: (message: ToWorker, worker: FakeWorker) => void) {
    this.answers = answers
  }

  postMessage(message: ToWorker): void {
    this.received.push(message)
    queueMicrotask(() => this.answers(message, this))
  }

  terminate(): void {
    this.isTerminated = true
  }

  say(data: FromWorker): void {
    this.onmessage?.({ data })
  }
}

function clientWith(answers: (message: ToWorker, worker: FakeWorker) => void, patienceSeconds = 5) {
  const workers: FakeWorker[] = []
  const spawn = () => {
    const worker = new FakeWorker(answers)
    workers.push(worker)
    return worker as unknown as Worker
  }
  return { client: createGraderClient({ spawn, patienceSeconds }), workers }
}

const submission = { files: [{ name: 'a.yaml', text: 'kind: DaemonSet' }] }
const loads = (message: ToWorker, worker: FakeWorker) => {
  if (message.type === 'load') worker.say({ type: 'loaded', id: message.id, joining: [] })
}

test('a worker that crashes is replaced, and the new one knows the labs', async () => {
  const { client, workers } = clientWith((message, worker) => {
    loads(message, worker)
    if (message.type === 'grade') worker.onerror?.({ message: 'out of memory', preventDefault: () => {} })
  })
  await client.load('lab-4', { 'lab.yaml': 'x' })
  const answer = await client.grade('lab-4', submission, 1)
  expect(answer).toMatchObject({ ok: false, fault: { type: 'crashed', message: 'out of memory' } })
  expect(workers[0]?.isTerminated).toBe(true)
  void client.preview('lab-4', submission)
  expect(workers[1]?.received[0]).toMatchObject({ type: 'load', lab: 'lab-4', files: { 'lab.yaml': 'x' } })
})

test('a worker that hangs is ended after the patience is over, and everybody who waited is told', async () => {
  const { client, workers } = clientWith(loads, 0.05)
  const answers = await Promise.all([client.grade('lab-4', submission, 1), client.preview('lab-4', submission)])
  for (const answer of answers) expect(answer).toEqual({ ok: false, fault: { type: 'hung', seconds: 0.05 } })
  expect(workers[0]?.isTerminated).toBe(true)
})

test('a fault of the grader is answered without ending the worker', async () => {
  const { client, workers } = clientWith((message, worker) =>
    worker.say({ type: 'fault', id: message.id, message: 'what must hold', where: 'store.ts' }),
  )
  expect(await client.grade('lab-4', submission, 1)).toMatchObject({
    ok: false,
    fault: { type: 'crashed', message: 'what must hold' },
  })
  expect(workers[0]?.isTerminated).toBe(false)
})

test('a worker that cannot be started is answered too', async () => {
  const client = createGraderClient({
    spawn: () => {
      throw new Error('no workers here')
    },
  })
  expect(await client.grade('lab-4', submission, 1)).toMatchObject({ ok: false, fault: { type: 'unavailable' } })
})
