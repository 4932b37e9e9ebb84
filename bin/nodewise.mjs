#!/usr/bin/env node
// Runs the bundled command line (dist/nodewise.mjs, Node 20 and later), unless its source is newer; without a bundle that
// is up to date, its TypeScript source on the project's own Node.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import module from 'node:module'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..')
const bundle = path.join(root, 'dist', 'nodewise.mjs')
const source = path.join(root, 'grader', 'cli', 'main.ts')
const stripsTypes = Number(process.versions.node.split('.')[0]) >= 24

/** The newest change of any source file, in milliseconds; 0 where only the bundle was installed. */
function newestSource(folder) {
  if (!existsSync(folder)) return 0
  let newest = 0
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name)
    newest = Math.max(newest, entry.isDirectory() ? newestSource(file) : statSync(file).mtimeMs)
  }
  return newest
}

const bundleIsFresh = existsSync(bundle) && statSync(bundle).mtimeMs >= newestSource(path.join(root, 'grader'))

// Compiled code is kept between runs where Node can (22.8 and later): a tenth of a cold start.
module.enableCompileCache?.()
if (bundleIsFresh || (existsSync(bundle) && !existsSync(source))) await import(pathToFileURL(bundle).href)
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
