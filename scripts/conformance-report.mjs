#!/usr/bin/env node
// Writes docs/conformance.md from tests/conformance/results.json, which the conformance test writes:
//   CONFORMANCE_RESULTS=1 npx vitest run tests/kubectl/conformance.test.ts && node scripts/conformance-report.mjs
import fs from 'node:fs'
import path from 'node:path'

const root = path.join(import.meta.dirname, '..')
const results = JSON.parse(fs.readFileSync(path.join(root, 'tests/conformance/results.json'), 'utf8'))
const deviations = Object.entries(results.deviations)
const lines = results.commands.reduce((sum, c) => sum + c.lines, 0)
const agree = results.commands.reduce((sum, c) => sum + c.agree, 0)
const text = `# Conformance

Recorded on a real v1.35.6 control plane with kubectl 1.33, played in memory with our kubectl and our cluster.
${results.agree} of ${results.cases} cases agree; ${agree} of ${lines} kubectl lines have the same exit code, stdout and stderr.
The rules of comparison: \`tests/conformance/compare.ts\`. Made by \`scripts/conformance-report.mjs\`.

| group | cases | agree |
|---|---|---|
${results.groups.map((g) => `| ${g.group} | ${g.cases} | ${g.agree} |`).join('\n')}

| command | recorded lines | agree |
|---|---|---|
${results.commands.map((c) => `| kubectl ${c.command} | ${c.lines} | ${c.agree} |`).join('\n')}

## Known deviations

${deviations.length === 0 ? 'None.' : deviations.map(([name, reason]) => `- \`${name}\`: ${reason}`).join('\n')}
`
fs.mkdirSync(path.join(root, 'docs'), { recursive: true })
fs.writeFileSync(path.join(root, 'docs/conformance.md'), text)
