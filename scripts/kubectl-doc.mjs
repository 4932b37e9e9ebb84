#!/usr/bin/env node
// Writes docs/kubectl.md from the flag tables. Run by Node 24: node scripts/kubectl-doc.mjs [--check]
import fs from 'node:fs'
import path from 'node:path'

const root = path.join(import.meta.dirname, '..')
const { GLOBAL_FLAGS, KUBECTL } = await import('../grader/kubectl/commands.ts')

const leaves = (command, name = command.name) =>
  (command.commands ?? []).length === 0 || command.run
    ? [{ command, name }, ...(command.commands ?? []).flatMap((c) => leaves(c, `${name} ${c.name}`))]
    : (command.commands ?? []).flatMap((c) => leaves(c, `${name} ${c.name}`))

const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
const flagRow = (f) =>
  `| \`${f.short ? `-${f.short}, ` : ''}--${f.name}\` | ${f.type} | ${f.default === '' ? '' : `\`${cell(f.default)}\``} | ${cell(f.help)} |`
const table = (flags) =>
  flags.length === 0
    ? 'No flags of its own.'
    : [
        '| flag | type | default | meaning |',
        '|---|---|---|---|',
        ...[...flags].sort((a, b) => (a.name < b.name ? -1 : 1)).map(flagRow),
      ].join('\n')

const all = KUBECTL.commands.flatMap((c) => leaves(c))
const named = (command, name = command.name) => [
  { command, name },
  ...(command.commands ?? []).flatMap((c) => named(c, `${name} ${c.name}`)),
]
const missing = KUBECTL.commands.flatMap((c) => named(c)).filter(({ command }) => command.missing)
const text = `# kubectl in the simulated cluster

Our kubectl prints what kubectl 1.33 prints against a v1.35.6 cluster. This page is made from its flag tables by
\`scripts/kubectl-doc.mjs\`; how many recorded lines agree is on [conformance.md](conformance.md).

## What is missing

${missing.map(({ command, name }) => `- \`${name}\`: ${command.missing.join(' ')}`).join('\n')}
- Everywhere: no go-templates, no kustomizations, no URLs after \`-f\`. A command that would wait for ever ends after the time its terminal allows, with exit code 130.

## Commands

${all.map(({ command, name }) => `### kubectl ${name}\n\n${command.summary}.${command.aliases ? ` Also: ${command.aliases.map((a) => `\`${a}\``).join(', ')}.` : ''}\n\n${table(command.flags ?? [])}`).join('\n\n')}

## Flags of every command

${table(GLOBAL_FLAGS)}
`
const file = path.join(root, 'docs/kubectl.md')
if (process.argv.includes('--check')) {
  if (!fs.existsSync(file) || fs.readFileSync(file, 'utf8') !== text) {
    console.error('docs/kubectl.md is out of date: run node scripts/kubectl-doc.mjs')
    process.exitCode = 1
  }
} else {
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(file, text)
}
