// The strict shape of labs/NN-slug/lab.yaml (docs/formats/lab.md). Unknown keys are errors: a typo in a lab is found by its author.
import * as z from 'zod'

// Without this zod probes `new Function`, which a strict content security policy forbids.
z.config({ jitless: true })

const points = z.number().int().positive()

export const goalSchema = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/)
    .describe('Stable name, unique in the lab'),
  title: z.string().min(3).describe('What the learner reads: one statement about the cluster'),
  points,
  over: z.enum(['nodes', 'pods', 'nothing']).default('nothing').describe('Ask once per node, once per Pod, or once'),
  where: z.string().optional().describe('CEL: which of them'),
  require: z.string().describe('CEL: what must be true'),
  when: z.enum(['finally', 'always', 'eventually']).default('finally'),
  in: z.array(z.string()).optional().describe('Names of timelines; default: every one'),
  needs: z
    .array(z.string())
    .default([])
    .describe('Goals without which this one says nothing: it is then notReached and earns nothing'),
})

export const misconceptionSchema = z.strictObject({
  code: z.string().regex(/^[A-Z][A-Za-z]+$/),
  when: z.string().describe('CEL, asked at the end of each timeline'),
  in: z.array(z.string()).optional(),
  message: z.string().describe('At most 60 words'),
  weight: z.enum(['must', 'should', 'note', 'praise']).default('must'),
  lesson: z.string().optional(),
  drill: z.string().optional().describe('Id of a lab to practise it with'),
})

export const labSchema = z.strictObject({
  apiVersion: z.literal('nodewise/v1'),
  kind: z.literal('Lab'),
  id: z.string().regex(/^\d\d-[a-z0-9-]+$/),
  title: z.string().min(5),
  lesson: z.string(),
  type: z.enum(['manifest', 'kubectl', 'debug', 'predict']),
  level: z.number().int().min(1).max(3),
  minutes: z.number().int().positive(),
  exams: z.array(z.strictObject({ exam: z.enum(['CKA', 'CKAD', 'CKS']), domain: z.string() })).min(1),
  namespace: z
    .string()
    .default('default')
    .describe('Where names in expressions are looked up, and the namespace of kubectl lines'),
  seeds: z.number().int().min(1).max(5).default(2).describe('How many seeds each timeline is played with'),
  cluster: z.record(z.string(), z.unknown()).describe('nodes, objects, images, files: docs/formats/cluster.md'),
  timelines: z.array(z.strictObject({ name: z.string(), steps: z.array(z.string()).min(1) })).min(1),
  goals: z.array(goalSchema).min(1),
  misconceptions: z.array(misconceptionSchema).default([]),
  survivors: z
    .array(
      z.strictObject({
        path: z.string().describe('Field path, or the beginning of one'),
        why: z.string().min(10).describe('Why an answer may differ there'),
      }),
    )
    .default([])
    .describe('Mutants of the answers that pass although they behave differently, and why that is right'),
  variants: z
    .record(z.string(), z.array(z.string()).min(1))
    .default({})
    .describe('Word of the lab → words that may stand for it, drawn by seed in all of its files'),
})

export type LabDefinition = z.infer<typeof labSchema>
export type GoalDefinition = z.infer<typeof goalSchema>
export type MisconceptionDefinition = z.infer<typeof misconceptionSchema>
