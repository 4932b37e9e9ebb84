import type { LabFiles, SubmittedFile } from '../../worker/protocol.ts'
import type { ClusterNode } from '../cluster/board-model.ts'

export interface SceneStep {
  /** What is typed, as it is shown. */
  readonly command: string
  readonly lines: readonly string[]
}

export interface ScenePreset {
  readonly name: string
  /** The lines that replace the ones that may be changed. */
  readonly text: string
}

/** What the reader is asked to bring about: the agent ready on every node. */
export interface SceneGoal {
  /** The Node that is explained from the start. */
  readonly node: string
  readonly ask: string
  readonly done: string
  readonly next: { readonly text: string; readonly href: string }
}

export interface SceneProps {
  readonly id: string
  readonly nodes: readonly ClusterNode[]
  /** The cluster as the scenario's file describes it. */
  readonly world: { readonly nodes: readonly unknown[]; readonly images: Readonly<Record<string, unknown>> }
  readonly file: SubmittedFile
  readonly edit: readonly [from: number, to: number]
  readonly steps: readonly SceneStep[]
  readonly says: readonly string[]
  readonly presets: readonly ScenePreset[]
  readonly goal?: SceneGoal
}

/** The name under which the grader knows the scene up to one step. */
export function sceneKey(scene: SceneProps, step: number): string {
  return `scene/${scene.id}/${step}`
}

/**
 * The scene up to a step, as a lab without goals worth the name: a lab's preview plays its first timeline, so each step
 * is a timeline of its own. JSON is YAML, so nothing has to print YAML here.
 */
export function sceneLab(scene: SceneProps, step: number): LabFiles {
  const steps = scene.steps.slice(0, step + 1).flatMap(({ lines }) => lines)
  const lab = {
    apiVersion: 'nodewise/v1',
    kind: 'Lab',
    id: '00-scene',
    title: scene.id,
    lesson: scene.id,
    type: 'manifest',
    level: 1,
    minutes: 1,
    exams: [{ exam: 'CKA', domain: 'Workloads & Scheduling' }],
    cluster: scene.world,
    timelines: [{ name: 'now', steps }],
    goals: [{ id: 'played', title: 'The scene was played', points: 1, require: 'true' }],
  }
  return { 'lab.yaml': JSON.stringify(lab), 'task.md': '', 'hints.md': '' }
}

/** The lines that may be changed. */
export function editedLines({ file, edit: [from, to] }: SceneProps): string {
  return file.text
    .split('\n')
    .slice(from - 1, to)
    .join('\n')
}

/** The whole file with the changed lines in their place. */
export function fileWith({ file, edit: [from, to] }: SceneProps, lines: string): SubmittedFile {
  const all = file.text.split('\n')
  return { name: file.name, text: [...all.slice(0, from - 1), lines, ...all.slice(to), ''].join('\n') }
}
