// `npm run build`: the site into dist/. Works however it was started: it finds the project's own Node by itself.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const ownNode = join(root, 'node_modules', '.bin', 'node')

// Astro needs a newer Node than a course's machine may have; the project brings its own.
const node = existsSync(ownNode) ? ownNode : process.execPath
const astro = join(root, 'node_modules', 'astro', 'bin', 'astro.mjs')
const done = spawnSync(node, [astro, 'build', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, ASTRO_TELEMETRY_DISABLED: '1' },
})
process.exit(done.status ?? 1)
