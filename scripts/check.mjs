// What a commit must hold, in under two minutes: format, types, lint, and all tests but the browser's.
import { spawnSync } from 'node:child_process'

const { status } = spawnSync('node', ['scripts/test.mjs', '--no-site'], { stdio: 'inherit' })
process.exitCode = status ?? 1
