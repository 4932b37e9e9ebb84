// The grader, off the main thread. It keeps the labs it was given and answers one message with one message.
import { gradeSubmission, type Lab, loadLab, preview } from '../../grader/index.ts'
import type { FromWorker, JoiningNode, LabFiles, ToWorker } from './protocol.ts'

const labs = new Map<string, Lab>()

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
      return { type: 'loaded', id: message.id, joining: load(message.lab, message.files) }
    case 'grade':
      return {
        type: 'graded',
        id: message.id,
        grade: gradeSubmission(labNamed(message.lab), message.submission, { seed: message.seed }),
      }
    case 'preview':
      return { type: 'previewed', id: message.id, preview: preview(labNamed(message.lab), message.submission) }
  }
}

function load(name: string, files: LabFiles): readonly JoiningNode[] {
  const { lab, errors } = loadLab(files)
  // The build checks every lab, so a fault here is ours.
  if (lab === undefined) throw new Error(`The lab ${name} is not valid: ${errors[0]?.path} ${errors[0]?.message}`)
  labs.set(name, lab)
  return lab.timelines
    .flatMap((timeline) => timeline.steps)
    .flatMap((step) =>
      step.type === 'join'
        ? [{ name: step.machine.name, labels: step.machine.labels ?? {}, taints: step.machine.taints ?? [] }]
        : [],
    )
}

function labNamed(name: string): Lab {
  const lab = labs.get(name)
  if (lab === undefined) throw new Error(`The lab ${name} was not loaded.`)
  return lab
}
