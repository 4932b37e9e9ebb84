import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { explainManifest } from '../../grader/explain/explain-manifest.ts'
import { createStandardCluster } from '../../grader/index.ts'
import { kubectl, type Story } from '../../grader/scenario/play.ts'
import { BROKEN } from './broken.ts'
import { GOOD, SLIPS } from './slips.ts'

const firstOf = (text: string) => explainManifest([{ name: 'agent.yaml', text }]).diagnostics[0]
const words = (text: string) => text.split(/\s+/).length

/** Exit code of `kubectl apply` in an empty cluster. */
function applied(text: string): number {
  const story: Story = {
    cluster: createStandardCluster({ seed: 1, images: {}, disks: {} }),
    files: { 'agent.yaml': text },
    startedAt: 0,
  }
  return kubectl(story, 'kubectl apply -f agent.yaml').exitCode
}

describe('slips of beginners', () => {
  it('the manifest that they start from is good', () => {
    expect(explainManifest([{ name: 'agent.yaml', text: GOOD }]).diagnostics).toEqual([])
    expect(applied(GOOD)).toBe(0)
  })

  it('there are at least fifty', () => expect(SLIPS.length).toBeGreaterThanOrEqual(50))

  it.each(SLIPS.map((slip) => [slip.says, slip] as const))('%s', (_, slip) => {
    const first = firstOf(slip.text)
    const line = first?.line === undefined ? '' : (slip.text.split('\n')[first.line - 1] ?? '').trim()
    expect({ code: first?.code, line }).toEqual({ code: slip.code, line: slip.line })
    expect(first?.explanation).toContain(slip.names)
    expect(words(first?.explanation ?? '')).toBeLessThanOrEqual(60)
    if (slip.fixed !== undefined) expect((first?.fix?.[0]?.text ?? '').trim()).toBe(slip.fixed)
  })

  it.each(SLIPS.filter((slip) => firstOf(slip.text)?.fix !== undefined).map((slip) => [slip.says, slip] as const))(
    'the fix takes the finding away: %s',
    (_, slip) => {
      const first = firstOf(slip.text)!
      const lines: (string | undefined)[] = slip.text.split('\n')
      for (const { line, text } of first.fix ?? []) lines[line - 1] = text
      const fixed = lines.filter((line) => line !== undefined).join('\n')
      const after = explainManifest([{ name: 'agent.yaml', text: fixed }]).diagnostics
      expect(
        after.filter(
          (found) => found.code === first.code && found.path === first.path && found.message === first.message,
        ),
      ).toEqual([])
    },
  )
})

// Their licences do not let every one of them be copied here, so they are read where the corpus lies beside the project.
const corpus = join(import.meta.dirname, '../../../shared/corpus/bad')
const there = existsSync(corpus)
if (!there) console.info('shared/corpus is not here: the broken manifests of real projects are not read')

describe.runIf(there)('broken manifests of real projects', () => {
  it('each has its row', () => expect(readdirSync(corpus).sort()).toEqual(BROKEN.map(([name]) => name)))

  it.each(BROKEN)('%s: %s', (name, wanted, names) => {
    const first = explainManifest([{ name, text: readFileSync(join(corpus, name), 'utf8') }]).diagnostics[0]
    expect(first === undefined ? 'nothing' : `${first.code} ${first.line}`).toBe(wanted)
    expect(first?.explanation ?? '').toContain(names)
    expect(words(first?.explanation ?? '')).toBeLessThanOrEqual(60)
  })
})
