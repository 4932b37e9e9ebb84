// The grader, off the main thread. It keeps the labs it was given and answers one message with one message.
import { gradeSubmission, loadLab, preview } from '../../tests/fixtures/grader-stub.ts'
import type { FromWorker, ToWorker } from './protocol.ts'

const labs = new Map<string, ReturnType<typeof loadLab>>()

self.onmessage = (event: MessageEvent<ToWorker>) => self.postMessage(answer(event.data))

function answer(message: ToWorker): FromWorker {
  try {
    return answered(message)
  } catch (error) {
    // Whatever is thrown here is our own bug: a learner's text never makes the grader throw.
    const fault = error instanceof Error ? error : new Error(String(error))
    return { type: 'fault', id: message.id, message: fault.message, where: fault.stack ?? '' }
  }
}

function answered(message: ToWorker): FromWorker {
  switch (message.type) {
    case 'load':
      labs.set(message.lab, loadLab(message.files))
      return { type: 'loaded', id: message.id }
    case 'grade':
      return { type: 'graded', id: message.id, grade: gradeSubmission(labNamed(message.lab), message.submission, { seed: message.seed }) }
    case 'preview': {
      const { nodes, diagnostics } = preview(labNamed(message.lab), message.submission)
      return { type: 'previewed', id: message.id, preview: { nodes, diagnostics } }
    }
  }
}

function labNamed(name: string): ReturnType<typeof loadLab> {
  const lab = labs.get(name)
  if (lab === undefined) throw new Error(`The lab ${name} was not loaded.`)
  return lab
}
