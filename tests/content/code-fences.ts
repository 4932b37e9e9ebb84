// Code fences of a text, and whether the API server takes what stands in them: whole objects as they are, fragments in
// the place of a DaemonSet where they belong.
import { parseYaml } from '../../grader/manifest/yaml-value.ts'
import { kubectl, playScenario } from '../../grader/scenario/play.ts'
import { decodeScenario } from '../../grader/scenario/scenario.ts'

export interface Fence {
  readonly language: string
  /** What stands behind the language: `fragment`, a file's name. */
  readonly meta: string
  readonly text: string
  /** 1-based, in the text handed in. */
  readonly line: number
}

/** Every fenced block of a Markdown text, in order. */
export function fencesOf(markdown: string): readonly Fence[] {
  return [...markdown.matchAll(/^```(\w+)?([^\n]*)\n([\s\S]*?)^```/gm)].map((found) => ({
    language: found[1] ?? '',
    meta: (found[2] ?? '').trim(),
    text: found[3] ?? '',
    line: markdown.slice(0, found.index).split('\n').length,
  }))
}

const HEAD = 'apiVersion: apps/v1\nkind: DaemonSet\nmetadata: { name: fragment }\nspec:\n'
const SELECTOR = '  selector: { matchLabels: { a: b } }\n'
const LABELS = '    metadata: { labels: { a: b } }\n'
const CONTAINERS = '      containers: [{ name: c, image: "registry.example/c:1" }]\n'

/** Places of a DaemonSet where a fragment may belong: its template's Pod, itself, its container. */
const FRAMES: readonly ((fragment: string) => string)[] = [
  (text) =>
    `${HEAD}${SELECTOR}  template:\n${LABELS}    spec:\n${indent(text, 6)}${/^containers:/m.test(text) ? '' : CONTAINERS}`,
  (text) =>
    `${HEAD}${indent(text, 2)}${/^selector:/m.test(text) ? '' : SELECTOR}${/^template:/m.test(text) ? '' : `  template:\n${LABELS}    spec:\n${CONTAINERS}`}`,
  (text) =>
    `${HEAD}${SELECTOR}  template:\n${LABELS}    spec:\n      containers:\n      - name: c\n        image: registry.example/c:1\n${indent(text, 8)}`,
]

const indent = (text: string, by: number): string => text.replace(/^(?=.)/gm, ' '.repeat(by)).replace(/\n*$/, '\n')

/** Empty if the API server takes the text, with strict validation; else what kubectl said of the last place tried. */
export function acceptedBy(yaml: string): string {
  if (/^apiVersion:/m.test(yaml)) return applied(yaml)
  let said = ''
  for (const frame of FRAMES) {
    said = applied(frame(yaml))
    if (said === '') return ''
  }
  return said
}

function applied(text: string): string {
  const namespaces = [...new Set([...text.matchAll(/^ +namespace: (\S+)$/gm)].map(([, name = '']) => name))].filter(
    (name) => !/^(default|kube-)/.test(name),
  )
  const objects = namespaces.map((name) => `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n`)
  const { value } = decodeScenario(
    { title: 'a fence', nodes: [{ name: 'w-1' }], objects, files: { 'fence.yaml': text }, steps: ['settle'] },
    (inline) => parseYaml(inline).value,
  )
  if (value === undefined) throw new Error('the scenario around a code fence does not decode')
  const { exitCode, stderr } = kubectl(playScenario(value, 1).story, 'kubectl apply -f fence.yaml')
  return exitCode === 0 ? '' : stderr
}
