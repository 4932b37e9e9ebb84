// What docs/writing.md asks for and a machine can check, over every lesson and every lab's texts.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseYaml } from '../../grader/manifest/yaml-value.ts'
import { acceptedBy, fencesOf } from './code-fences.ts'

const LESSONS = 'content/lessons'
const LABS = 'labs'
const LESSON_WORDS = { least: 500, most: 1400 }
const TASK_WORDS = 220
const HINT_WORDS = 70
const MESSAGE_WORDS = 60
const HEADING_LETTERS = 60

/** Each word with the reason that docs/writing.md gives. */
const FORBIDDEN: readonly (readonly [RegExp, string])[] = [
  [
    /\b(just|simply|obviously|clearly|of course|trivial(ly)?|easy|easily)\b/i,
    'tells readers that they should have known',
  ],
  [/\b(please|oops|sorry|awesome|congratulations)\b/i, 'is small talk'],
  [/\b(illegal)\b/i, 'nothing is against the law; say what was refused'],
  [/\b(leverage|utili[sz]e|seamless(ly)?|robust|powerful|delve|crucial|best[- ]in[- ]class)\b/i, 'says nothing'],
  [/\b(we|we're|we'll|our|let's|let us)\b/i, 'there is no "we" that did it; say who did'],
  [/\bin this (lesson|lab|section)\b/i, 'announces instead of saying'],
  [/!(\s|$)/m, 'an exclamation mark'],
]

const lessons = readdirSync(LESSONS).sort()
const labs = readdirSync(LABS).sort()

describe.each(lessons)('lesson %s', (id) => {
  const text = readFileSync(`${LESSONS}/${id}/lesson.mdx`, 'utf8')
  const { front, body } = splitLesson(text)

  test(`has between ${LESSON_WORDS.least} and ${LESSON_WORDS.most} words`, () => {
    const words = wordsOf(body)
    expect(words).toBeGreaterThanOrEqual(LESSON_WORDS.least)
    expect(words).toBeLessThanOrEqual(LESSON_WORDS.most)
  })

  test('uses no forbidden word', () => expect(forbiddenIn(prose(text))).toEqual([]))

  test('begins with a scene from work, and its headings are short and of one level', () => {
    const headings = headingsOf(body)
    expect(
      prose(body)
        .replace(/^import .*$/gm, '')
        .trim(),
    ).not.toMatch(/^#/)
    for (const { level, title } of headings) {
      expect(level, title).toBe(2)
      expect(title.length, title).toBeLessThanOrEqual(HEADING_LETTERS)
      expect(title, title).not.toMatch(/[.!]$/)
    }
    expect(new Set(headings.map(({ title }) => title)).size).toBe(headings.length)
  })

  test('has three to six questions with one right answer each, all explained', () => {
    expect(front.questions.length).toBeGreaterThanOrEqual(3)
    expect(front.questions.length).toBeLessThanOrEqual(6)
    for (const { ask, answers } of front.questions) {
      expect(answers.filter(({ right }) => right === true).length, ask).toBe(1)
      for (const { text: answer, because } of answers)
        expect(because?.length ?? 0, `${ask} ${answer}`).toBeGreaterThan(20)
    }
  })

  test('names claims, lessons and labs that exist', () => {
    for (const [, claim = ''] of body.matchAll(/\bclaim="([^"]+)"/g)) {
      const [lesson, name] = claim.split('/')
      expect(existsSync(`${LESSONS}/${lesson}/claims/${name}.yaml`), claim).toBe(true)
    }
    if (front.lab !== undefined) expect(labs).toContain(front.lab)
    expect(deadLinks(text)).toEqual([])
  })

  test('has a scene that can be played and a myth that was tested', () => {
    expect(body).toMatch(/<Scene\b/)
    expect(body).toMatch(/<Myth\b/)
  })

  test.each(fencesOf(body).filter(({ language }) => language === 'yaml'))(
    'its YAML in line $line is accepted by the API server',
    ({ text: yaml, meta }) => {
      const { error } = parseYaml(yaml)
      expect(error).toBeUndefined()
      if (!meta.includes('fragment')) expect(acceptedBy(yaml)).toBe('')
    },
  )
})

describe.each(labs)('lab %s', (id) => {
  const read = (name: string) => readFileSync(`${LABS}/${id}/${name}`, 'utf8')
  const { misconceptions = [], lesson } = parseYaml(read('lab.yaml')).value as unknown as LabTexts

  test('uses no forbidden word', () => {
    const texts = [read('task.md'), read('hints.md'), ...misconceptions.map(({ message }) => message)]
    expect(texts.flatMap((text) => forbiddenIn(prose(text)))).toEqual([])
  })

  test('has a task and hints that can be read while a clock runs', () => {
    expect(wordsOf(read('task.md'))).toBeLessThanOrEqual(TASK_WORDS)
    for (const hint of read('hints.md')
      .split(/^## .*$/m)
      .slice(1))
      expect(wordsOf(hint), hint).toBeLessThanOrEqual(HINT_WORDS)
  })

  test('says in each message what happened, and what to do next', () => {
    for (const { code, message } of misconceptions) {
      expect(wordsOf(message), code).toBeLessThanOrEqual(MESSAGE_WORDS)
      expect(message, code).toContain('Next:')
    }
  })

  test('names lessons and labs that exist', () => {
    const named = [lesson, ...misconceptions.flatMap(({ lesson: other }) => (other === undefined ? [] : [other]))]
    expect(named.filter((slug) => !agreesWithLessons(slug))).toEqual([])
    expect(deadLinks(read('task.md') + read('hints.md'))).toEqual([])
  })
})

describe('the checks themselves', () => {
  test.each([
    ['It is just a label.', 1],
    ['We add a label, which is easy!', 3],
    ['A `just` in code, and “just” in a quotation.', 0],
    ['The taint is refused.', 0],
  ])('%s', (text, faults) => expect(forbiddenIn(prose(text))).toHaveLength(faults))

  test.each([
    ['a fragment of the Pod', 'tolerations:\n- operator: Exists\n', ''],
    ['a fragment of the DaemonSet', 'updateStrategy:\n  type: OnDelete\n', ''],
    ['a fragment of the container', 'resources:\n  requests: { cpu: 50m }\n', ''],
    ['a value beside Exists', 'tolerations:\n- { key: a, operator: Exists, value: b }\n', 'refused'],
    ['a field that does not exist', 'toleration:\n- operator: Exists\n', 'refused'],
    [
      'an object with replicas',
      'apiVersion: apps/v1\nkind: DaemonSet\nmetadata: { name: a }\nspec: { replicas: 3 }\n',
      'refused',
    ],
  ])('the API server is asked: %s', (_, yaml, said) => expect(acceptedBy(yaml) === '' ? '' : 'refused').toBe(said))
})

describe('claims', () => {
  test('are one sentence each, and different sentences', () => {
    const sentences = lessons.flatMap((id) =>
      readdirSync(`${LESSONS}/${id}/claims`).map((file) => claimOf(`${LESSONS}/${id}/claims/${file}`)),
    )
    for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z`"][^\n]*\.$/)
    expect(new Set(sentences).size).toBe(sentences.length)
  })
})

interface Front {
  readonly lab?: string
  readonly questions: readonly {
    readonly ask: string
    readonly answers: readonly { readonly text: string; readonly right?: boolean; readonly because?: string }[]
  }[]
}

interface LabTexts {
  readonly lesson: string
  readonly misconceptions?: readonly { readonly code: string; readonly message: string; readonly lesson?: string }[]
}

function splitLesson(text: string): { readonly front: Front; readonly body: string } {
  const [, front = '', body = ''] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(text) ?? []
  return { front: parseYaml(front).value as unknown as Front, body }
}

const wordsOf = (text: string): number => text.split(/\s+/).filter((word) => word !== '').length

/** Without code, addresses and what somebody is quoted as saying. */
function prose(text: string): string {
  return text
    .replace(/^```[\s\S]*?^```/gm, '')
    .replace(/`[^`\n]*`/g, '')
    .replace(/“[^”]*”/g, '')
    .replace(/https?:\S+/g, '')
    .replace(/<!--[\s\S]*?-->/g, '')
}

function forbiddenIn(text: string): string[] {
  return FORBIDDEN.flatMap(([pattern, why]) => {
    const found = pattern.exec(text)
    return found === null
      ? []
      : [
          `"${found[0].trim()}" ${why}: ${text.slice(Math.max(0, found.index - 30), found.index + 30).replaceAll('\n', ' ')}`,
        ]
  })
}

function headingsOf(body: string): { readonly level: number; readonly title: string }[] {
  const found = body.replace(/^```[\s\S]*?^```/gm, '').matchAll(/^(#+) (.+)$/gm)
  return [...found].map(([, marks = '', title = '']) => ({ level: marks.length, title: title.trim() }))
}

/** Links inside the site are relative: `../../labs/04-…/`. */
function deadLinks(text: string): string[] {
  const inside = text.matchAll(/\]\((?:\.\.\/)*(lessons|labs)\/([^/)#]+)[^)]*\)/g)
  return [...inside]
    .filter(([, kind, slug = '']) => !(kind === 'labs' ? labs : lessons).includes(slug))
    .map(([link]) => link)
}

/** A lesson that is there under this number has this name; one that is still to be written may be named. */
function agreesWithLessons(slug: string): boolean {
  const number = slug.slice(0, 3)
  return lessons.includes(slug) || (/^\d\d-[a-z-]+$/.test(slug) && !lessons.some((other) => other.startsWith(number)))
}

function claimOf(path: string): string {
  return (parseYaml(readFileSync(path, 'utf8')).value as { readonly claim: string }).claim
}
