#!/usr/bin/env node
// The mutation matrices of all labs as one JSON file, for the site: node scripts/matrix.mjs [OUTPUT]. Takes minutes.
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const root = path.join(import.meta.dirname, '..')
const output = path.resolve(process.argv[2] ?? path.join(root, 'dist', 'mutation-matrix.json'))
const node = path.join(root, 'node_modules', '.bin', 'node')
const { stdout, stderr, status } = spawnSync(node, [path.join(root, 'grader/cli/main.ts'), 'check-labs', '--json'], {
  encoding: 'utf8',
  maxBuffer: 1 << 30,
})
if (stdout === '') {
  process.stderr.write(stderr)
  process.exit(status ?? 1)
}
const reports = JSON.parse(stdout)
mkdirSync(path.dirname(output), { recursive: true })
writeFileSync(
  output,
  `${JSON.stringify({ apiVersion: 'nodewise/v1', kind: 'MutationMatrixList', items: reports.map(({ matrix }) => matrix) })}\n`,
)
for (const { lab, matrix } of reports) {
  const count = (outcome) => matrix.rows.filter((row) => row.outcome === outcome).length
  process.stdout.write(
    `${lab}: ${matrix.rows.length} mutants, ${count('failed')} fail, ${count('equivalent')} the same, ${count('explained')} explained, ${count('survived')} survive\n`,
  )
}
process.exit(status ?? 0)
