// An edit of the text says what the same edit of the object says, and leaves every other line as it was.
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../grader/api/meta.ts'
import { applyEdits } from '../../grader/grading/json-edit.ts'
import { mutantsOf } from '../../grader/grading/mutants.ts'
import { decodeManifest } from '../../grader/manifest/decode.ts'
import { editText } from '../../grader/manifest/edit.ts'
import { createSource } from '../../grader/manifest/source.ts'
import { GOOD } from '../explain/slips.ts'

const objectsOf = (text: string) => decodeManifest(createSource('a.yaml', text)).objects
const withoutEmpty = (value: unknown): unknown => {
  if (Array.isArray(value)) {
    const items = value.map(withoutEmpty).filter((item) => item !== undefined)
    return items.length === 0 ? undefined : items
  }
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
    .map(([key, item]) => [key, withoutEmpty(item)] as const)
    .filter(([, item]) => item !== undefined)
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}

const folder = 'labs/04-tainted-gpu-and-control-plane/answers'
const texts = [
  ['the usual manifest', GOOD],
  ...readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => [name, readFileSync(`${folder}/${name}`, 'utf8')]),
] as [string, string][]

describe('edits of a text', () => {
  it.each(texts)('every mutant of %s: text and object agree', (_, text) => {
    let made = 0
    for (const [i, object] of objectsOf(text).entries()) {
      for (const { edit, name } of mutantsOf(object.written)) {
        const edited = editText(object, edit)
        if (edited === undefined) continue
        made++
        expect(withoutEmpty(objectsOf(edited)[i]?.written), name).toEqual(
          withoutEmpty(applyEdits(object.written, [edit]) as JsonObject),
        )
      }
    }
    expect(made).toBeGreaterThan(20)
  })

  it.each([
    [
      'a toleration after the others',
      { op: 'add', path: 'spec.template.spec.tolerations/-', value: { key: 'dedicated', operator: 'Exists' } },
      ['+      - key: dedicated', '+        operator: Exists'],
    ],
    [
      'a field before the containers',
      { op: 'add', path: 'spec.template.spec.hostNetwork', value: true },
      ['+      hostNetwork: true'],
    ],
    [
      'one value',
      { op: 'replace', path: 'spec.template.spec.tolerations[0].effect', value: 'NoExecute' },
      ['-        effect: NoSchedule', '+        effect: NoExecute'],
    ],
    [
      'the first key of a list item',
      { op: 'remove', path: 'spec.template.spec.tolerations[0].key' },
      ['-      - key: nvidia.com/gpu', '-        operator: Exists', '+      - operator: Exists'],
    ],
    [
      'the only item of a list',
      { op: 'remove', path: 'spec.template.spec.tolerations[0]' },
      [
        '-      tolerations:',
        '-      - key: nvidia.com/gpu',
        '-        operator: Exists',
        '-        effect: NoSchedule',
      ],
    ],
  ] as const)('%s: no other line changes', (_, edit, wanted) => {
    const edited = editText(objectsOf(GOOD)[0]!, edit)!
    const [before, after] = [GOOD.split('\n'), edited.split('\n')]
    const gone = before
      .filter((line) => !after.includes(line) || count(before, line) > count(after, line))
      .map((line) => `-${line}`)
    const come = after
      .filter((line) => !before.includes(line) || count(after, line) > count(before, line))
      .map((line) => `+${line}`)
    expect([...new Set([...gone, ...come])].filter((line) => wanted.includes(line as never)).length).toBe(wanted.length)
    expect(Math.abs(after.length - before.length)).toBeLessThanOrEqual(4)
  })

  it('comments and blank lines stay', () => {
    const text = GOOD.replace('      tolerations:', '\n      # GPU nodes\n      tolerations: # all of them')
    const edited = editText(objectsOf(text)[0]!, {
      op: 'add',
      path: 'spec.template.spec.tolerations/-',
      value: { operator: 'Exists' },
    })!
    expect(edited).toContain('\n\n      # GPU nodes\n      tolerations: # all of them\n')
  })

  it('flow style stays flow style', () => {
    const text = 'spec: { tolerations: [{ key: a }], x: 1 }\napiVersion: v1\nkind: Pod\nmetadata: { name: a }\n'
    const [object] = objectsOf(text)
    expect(editText(object!, { op: 'add', path: 'spec.tolerations/-', value: { operator: 'Exists' } })).toContain(
      'tolerations: [{ key: a }, { operator: Exists }]',
    )
    expect(editText(object!, { op: 'remove', path: 'spec.x' })).toContain('spec: { tolerations: [{ key: a }] }')
  })
})

const count = (lines: readonly string[], line: string) => lines.filter((other) => other === line).length
