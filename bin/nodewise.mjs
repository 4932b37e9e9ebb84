#!/usr/bin/env node
// Runs the bundled command line (dist/nodewise.mjs, Node 20 and later); without one, its TypeScript source on Node 24.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..')
const bundle = path.join(root, 'dist', 'nodewise.mjs')
const source = path.join(root, 'grader', 'cli', 'main.ts')
const stripsTypes = Number(process.versions.node.split('.')[0]) >= 24

if (existsSync(bundle)) await import(pathToFileURL(bundle).href)
else if (stripsTypes) await import(pathToFileURL(source).href)
else {
  const newer = path.join(root, 'node_modules', '.bin', 'node')
  if (!existsSync(newer)) {
    process.stderr.write(
      'nodewise: run "npm ci" first, or "npm run build:cli" to make a bundle for this version of Node\n',
    )
    process.exit(2)
  }
  const { status, signal } = spawnSync(newer, [source, ...process.argv.slice(2)], { stdio: 'inherit' })
  process.exit(status ?? (signal === null ? 3 : 143))
}
