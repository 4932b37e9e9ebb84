// The grader, off the main thread. It keeps the labs it was given and answers one message with one message.
import { gradeSubmission, type Lab, loadLab, preview } from '../../grader/index.ts'
import { completeInCopy, openCopy, stateOf, typeInCopy } from './cluster-copy.ts'
import { fieldHelpAt, suggestionsAt } from './field-help.ts'
import { loadDescriptions } from './late-descriptions.ts'
import type { FromWorker, JoiningNode, LabFiles, ToWorker } from './protocol.ts'

const labs = new Map<string, Lab>()

self.onmessage = async (event: MessageEvent<ToWorker>) => self.postMessage(await answer(event.data))

async function answer(message: ToWorker): Promise<FromWorker> {
  try {
    // Only who reads the fields' prose waits for it.
    if (needsDescriptions(message)) await loadDescriptions()
    return answered(message)
  } catch (error) {
    // Whatever is thrown here is our own bug: a learner's text never makes the grader throw.
    const fault = error instanceof Error ? error : new Error(String(error))
    return { type: 'fault', id: message.id, message: fault.message, where: fault.stack ?? '' }
  }
}

function needsDescriptions(message: ToWorker): boolean {
  if (message.type === 'suggest' || message.type === 'describe') return true
  return message.type === 'type' && /\bexplain\b/.test(message.line)
}

function answered(message: ToWorker): FromWorker {
  const { id } = message
  switch (message.type) {
    case 'load':
      return { type: 'loaded', id, joining: load(message.lab, message.files) }
    case 'grade': {
      const grade = gradeSubmission(labNamed(message.lab), message.submission, { seed: message.seed })
      return { type: 'graded', id, grade }
    }
    case 'preview':
      return { type: 'previewed', id, preview: preview(labNamed(message.lab), message.submission) }
    case 'suggest':
      return { type: 'suggested', id, suggestions: suggestionsAt(message.text, message.line, message.column) }
    case 'describe':
      return { type: 'described', id, help: fieldHelpAt(message.text, message.line, message.column) ?? null }
    case 'openCopy':
      return { type: 'copyOpened', id, copy: stateOf(openCopy(labNamed(message.lab), message.submission)) }
    case 'type':
      return { type: 'typed', id, typed: typeInCopy(message.lab, message.line, message.files) }
    case 'completeLine':
      return { type: 'lineCompleted', id, completion: completeInCopy(message.lab, message.line, message.files) }
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
