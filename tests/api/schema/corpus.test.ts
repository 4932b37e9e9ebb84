import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../grader/api/meta.ts'
import { decodeInto } from '../../../grader/api/schema/decode.ts'
import { definitionNamed } from '../../../grader/api/schema/schema.ts'

// What a real API server printed must come through decoding unchanged: it is in canonical form already.
const golden = path.join(import.meta.dirname, '../../../../shared/corpus/golden')
const there = fs.existsSync(golden)
if (!there) console.info('shared/corpus is not here: the decoder is not compared with what a real API server printed')

describe.runIf(there)('what a real API server printed is already as we would print it', () => {
  const files = there
    ? ['real', 'bad'].flatMap((d) => fs.readdirSync(path.join(golden, d)).map((f) => path.join(golden, d, f)))
    : []
  it.each(files.map((file) => [path.basename(file), file] as const))('%s', (_, file) => {
    const answers = JSON.parse(fs.readFileSync(file, 'utf8')) as readonly { readonly filledIn?: JsonObject }[]
    for (const { filledIn } of answers) {
      if (filledIn === undefined) continue
      const decoded = decodeInto(definitionNamed('io.k8s.api.apps.v1.DaemonSetSpec')!, filledIn)
      expect(decoded.error).toBeUndefined()
      expect(decoded.strictErrors).toEqual([])
      expect(decoded.object).toEqual(filledIn)
      expect(decoded.object).toBe(filledIn)
    }
  })
})
