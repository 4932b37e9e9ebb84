// Writes the JSON Schemas of our file formats from the schemas that the grader reads with. --check only compares.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { labSchema } from '../grader/grading/lab-schema.ts'

const file = join(import.meta.dirname, '..', 'docs', 'formats', 'lab.schema.json')
const schema = { title: 'labs/NN-slug/lab.yaml', ...z.toJSONSchema(labSchema, { io: 'input' }) }
const text = `${JSON.stringify(schema, null, 2)}\n`

if (!process.argv.includes('--check')) writeFileSync(file, text)
else if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
  console.error('docs/formats/lab.schema.json is not what the schemas say: run node scripts/make-format-schemas.mjs')
  process.exitCode = 1
}
