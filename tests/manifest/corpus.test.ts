import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../grader/api/meta.ts'
import { decodeManifest, spanOfField } from '../../grader/manifest/decode.ts'
import type { Diagnostic } from '../../grader/manifest/diagnostic.ts'
import { readAsKubectl } from '../../grader/manifest/kubectl-documents.ts'
import { metadataError } from '../../grader/manifest/kubectl-metadata.ts'
import { createSource } from '../../grader/manifest/source.ts'
import { parseYaml } from '../../grader/manifest/yaml-value.ts'

// Other people's manifests and a real control plane's answers lie beside the project, not in it.
const shared = path.join(import.meta.dirname, '../../../shared')
const there = fs.existsSync(path.join(shared, 'corpus'))
if (!there) console.info('shared/ is not here: reading is not compared with what a real kubectl and API server said')

const list = (folder: string): readonly string[] =>
  there ? fs.readdirSync(path.join(shared, folder)).map((file) => path.join(shared, folder, file)) : []
const read = (file: string): string => fs.readFileSync(file, 'utf8')

/** The parts of a file that the recordings were made of, one by one: as corpus.mjs cuts it. */
function daemonSetTexts(text: string): readonly string[] {
  const parts = text.split(/^---(?=\s|$).*\n?/m).filter((part) => part.trim() !== '')
  const mine = parts.filter((part) => /^\s*kind:\s*["']?DaemonSet\b/m.test(part))
  return mine.length > 0 ? mine : [text]
}

/** What a server (or kubectl before it) would answer to a file with one object, as far as reading goes. */
function refusalOf(text: string, name: string): string | undefined {
  const { objects, error } = readAsKubectl(text, name)
  if (error !== undefined) return error
  const metadata = objects.map((object) => metadataError(object as JsonObject)).find((found) => found !== undefined)
  if (metadata !== undefined) return `unable to decode "${name}": ${metadata}`
  const errors = decodeManifest(createSource(name, text)).diagnostics.filter(({ severity }) => severity === 'error')
  const strict = errors.filter(({ code }) => code === 'UnknownField' || code === 'WrongCase')
  const other = errors.find((found) => !strict.includes(found))
  if (other !== undefined) return other.kubernetes
  return strict.length === 0 ? undefined : `strict decoding error: ${strict.map(withoutPrefix).join(', ')}`
}

const withoutPrefix = ({ kubernetes = '' }: Diagnostic): string => kubernetes.replace('strict decoding error: ', '')

/** The part of a recorded error that reading decides. */
function recordedRefusal(lines: readonly string[]): string | undefined {
  for (const line of lines) {
    const found =
      /cannot be handled as a \w+: (.*)/.exec(line)?.[1] ??
      /^error: ((?:error parsing|unable to decode|error validating) .*)/.exec(line)?.[1] ??
      /(no matches for kind .*)/.exec(line)?.[1]
    if (found !== undefined) return found
  }
  return undefined
}

describe.runIf(there)('every manifest of the corpus', () => {
  it.each(list('corpus/real').map((file) => [path.basename(file), file]))(
    '%s is read, and its containers found',
    (name, file) => {
      const source = createSource(name!, read(file!))
      const { objects, diagnostics } = decodeManifest(source)
      expect(diagnostics.filter(({ code }) => code === 'YamlSyntax' || code === 'TemplateNotRendered')).toEqual([])
      expect(readAsKubectl(source.text, name!).error).toBeUndefined()
      const daemonSets = objects.filter(({ written }) => written.kind === 'DaemonSet')
      expect(daemonSets.length).toBeGreaterThan(0)
      for (const object of daemonSets) {
        const span = spanOfField(object, 'spec.template.spec.containers[0].image')
        expect(source.text.slice(span.start, span.end).replaceAll(/["']/g, '')).toBe('image')
      }
    },
  )
  it.each(list('corpus/bad').map((file) => [path.basename(file), file]))('%s is read without a throw', (name, file) => {
    expect(() => decodeManifest(createSource(name!, read(file!)))).not.toThrow()
  })
})

describe.runIf(there)('a real kubectl and API server said the same', () => {
  const goldens = ['real', 'bad'].flatMap((folder) =>
    list(`corpus/golden/${folder}`).map((golden) => [path.basename(golden, '.json'), folder, golden]),
  )
  it.each(goldens)('of %s', (name, folder, golden) => {
    const answers = JSON.parse(read(golden!)) as readonly { readonly dryRun: { readonly err: readonly string[] } }[]
    daemonSetTexts(read(path.join(shared, 'corpus', folder!, `${name}.yaml`))).forEach((text, i) => {
      const recorded = recordedRefusal(answers[i]?.dryRun.err ?? [])
      expect(refusalOf(text, 'STDIN')).toBe(recorded)
    })
  })

  interface Step {
    readonly run?: string
    readonly err?: readonly string[]
  }
  const cases = ['validation', 'random-validation', 'kubectl'].flatMap((group) =>
    list(`conformance/cases/${group}`).map((file) => [`${group}/${path.basename(file, '.yaml')}`, file]),
  )
  it.each(cases)('in case %s', (name, file) => {
    const files = (parseYaml(read(file!)).value as JsonObject).files as Readonly<Record<string, string>> | undefined
    const golden = JSON.parse(read(path.join(shared, 'conformance/golden', `${name}.json`))) as {
      readonly steps: readonly Step[]
    }
    for (const { run = '', err = [] } of golden.steps) {
      const target = /^kubectl (?:create|apply)\b.* -f (\S+)/.exec(run)?.[1]
      const text = target === undefined ? undefined : files?.[target]
      // Without the server, or with lenient validation, or as a patch, other rules hold: kubectl's own tests have those.
      if (text === undefined || /--validate=(?:false|ignore|warn)|--dry-run=client/.test(run)) continue
      if (err.some((line) => line.includes('The request is invalid: patch'))) continue
      expect(refusalOf(text, target!)).toBe(recordedRefusal(err))
    }
  })
})
