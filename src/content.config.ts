import { defineCollection, reference } from 'astro:content'
import { glob } from 'astro/loaders'
import { z } from 'astro/zod'
import { collectSimplifications, conformanceResults } from '../scripts/site-facts.mjs'

const LABS = './labs'

const folderOf = ({ entry }: { entry: string }) => entry.split('/')[0] ?? entry

/** The cluster's shape as far as a page draws it; the grader checks the rest when it loads the lab. */
const node = z.looseObject({
  name: z.string(),
  labels: z.record(z.string(), z.string()).default({}),
  taints: z.array(z.string()).default([]),
})

const goal = z.looseObject({
  id: z.string(),
  title: z.string(),
  points: z.number().int().positive(),
})

const labs = defineCollection({
  loader: glob({ base: LABS, pattern: '*/lab.yaml', generateId: folderOf }),
  schema: z.looseObject({
    apiVersion: z.literal('nodewise/v1'),
    kind: z.literal('Lab'),
    id: z.string().regex(/^\d{2}-[a-z0-9-]+$/),
    title: z.string(),
    lesson: reference('lessons').optional(),
    type: z.enum(['manifest', 'kubectl', 'debug', 'predict']),
    level: z.number().int().min(1).max(3),
    minutes: z.number().int().positive(),
    exams: z.array(z.strictObject({ exam: z.enum(['CKA', 'CKAD', 'CKS']), domain: z.string() })),
    cluster: z.looseObject({ nodes: z.array(node) }),
    timelines: z.array(z.looseObject({ name: z.string(), steps: z.array(z.string()) })).min(1),
    goals: z.array(goal).min(1),
  }),
})

const labTasks = defineCollection({ loader: glob({ base: LABS, pattern: '*/task.md', generateId: folderOf }) })
const labHints = defineCollection({ loader: glob({ base: LABS, pattern: '*/hints.md', generateId: folderOf }) })

const lessons = defineCollection({
  loader: glob({ base: './content/lessons', pattern: '*/lesson.mdx', generateId: folderOf }),
  schema: z.strictObject({
    title: z.string(),
    number: z.number().int().positive(),
    summary: z.string(),
    minutes: z.number().int().positive(),
    lab: reference('labs').optional(),
    card: z.array(z.string()).min(3).max(7),
    questions: z
      .array(
        z.strictObject({
          ask: z.string(),
          answers: z
            .array(z.strictObject({ text: z.string(), right: z.boolean().default(false), because: z.string() }))
            .min(2),
        }),
      )
      .min(3),
    links: z.array(z.strictObject({ text: z.string(), href: z.url() })),
  }),
})

/** Each sentence about behaviour that a lesson makes, as a scenario; the test suite plays them all. */
const claims = defineCollection({
  loader: glob({
    base: './content/lessons',
    pattern: '*/claims/*.yaml',
    generateId: ({ entry }) => entry.replace('/claims/', '/').replace(/\.yaml$/, ''),
  }),
  schema: z.strictObject({
    claim: z.string(),
    nodes: z.array(node),
    objects: z.array(z.string()).optional(),
    images: z.record(z.string(), z.unknown()).optional(),
    files: z.record(z.string(), z.string()).optional(),
    steps: z.array(z.string()).min(1),
    expect: z.array(z.string()).min(1),
  }),
})

const simplifications = defineCollection({
  loader: () => collectSimplifications(process.cwd()),
  schema: z.strictObject({ id: z.string(), area: z.string(), file: z.string(), text: z.string() }),
})

const count = z.number().int().nonnegative()

/** The comparison with a real control plane, as the conformance test wrote it. */
const conformance = defineCollection({
  loader: () => conformanceResults(process.cwd()),
  schema: z.strictObject({
    id: z.string(),
    cases: count,
    agree: count,
    groups: z.array(z.strictObject({ group: z.string(), cases: count, agree: count })),
    commands: z.array(z.strictObject({ command: z.string(), lines: count, agree: count })),
    deviations: z.record(z.string(), z.string()),
    differing: z.array(z.strictObject({ name: z.string(), differences: z.array(z.string()) })),
  }),
})

export const collections = { claims, conformance, labHints, labTasks, labs, lessons, simplifications }
