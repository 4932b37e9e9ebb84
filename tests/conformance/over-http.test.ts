import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { differences, inFormOf } from './compare.ts'
import { findKubectl, playOverHttp } from './play-over-http.ts'

const CASES = path.join(import.meta.dirname, 'cases')
const kubectl = findKubectl()
const all = readdirSync(CASES)
  .sort()
  .flatMap((group) => readdirSync(path.join(CASES, group)).sort().map((file) => `${group}/${file.replace(/\.yaml$/, '')}`))
// A real kubectl takes its time: a usual run plays a sample, CONFORMANCE_HTTP=all plays every case.
const chosen = process.env.CONFORMANCE_HTTP === 'all' ? all : all.filter((_, i) => i % 25 === 0)

describe('a recorded case, with a real kubectl over HTTP', () => {
  it('is played where the kubectl of the recordings is installed', () => {
    expect(chosen.length).toBeGreaterThan(0)
    if (kubectl === undefined) console.warn('No kubectl 1.33 is installed (KUBECTL may name one): nothing is played over HTTP.')
  })

  it.each(kubectl === undefined ? [] : chosen)(
    '%s',
    async (name) => {
      const golden = JSON.parse(readFileSync(path.join(CASES, '../golden', `${name}.json`), 'utf8')) as { readonly steps: readonly Readonly<Record<string, unknown>>[] }
      const steps = await playOverHttp(readFileSync(path.join(CASES, `${name}.yaml`), 'utf8'), kubectl ?? '')
      expect(differences(golden.steps, steps.map((step, i) => inFormOf(golden.steps[i], step)))).toEqual([])
    },
    120_000,
  )
})
