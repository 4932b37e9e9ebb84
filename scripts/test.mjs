// All tests there are: types, format and lint, unit and scenario tests, then the built site in a real browser.
// Ends with one line that can be trusted: `N passed, N failed`. Options: --no-site leaves the browser tests out.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const withSite = !process.argv.includes('--no-site')
const results = mkdtempSync(join(tmpdir(), 'nodewise-tests-'))
let passed = 0
let failed = 0
const notes = []

function run(title, command, args, env = {}) {
  console.log(`\n── ${title}`)
  const started = Date.now()
  const { status } = spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, ...env } })
  console.log(`   ${title}: ${((Date.now() - started) / 1000).toFixed(1)} s`)
  return status === 0
}

function one(title, command, args) {
  if (run(title, command, args)) passed++
  else {
    failed++
    notes.push(`${title} failed`)
  }
}

/** A runner that was stopped before it wrote its report has failed, whatever its exit code. */
function counted(title, command, args, { report, count, env }) {
  const good = run(title, command, args, env)
  if (!existsSync(report)) {
    failed++
    notes.push(`${title} wrote no report`)
    return
  }
  const counts = count(JSON.parse(readFileSync(report, 'utf8')))
  passed += counts.passed
  failed += counts.failed
  if (counts.skipped > 0) notes.push(`${title}: ${counts.skipped} skipped`)
  if (counts.flaky > 0) notes.push(`${title}: ${counts.flaky} passed only at the second try`)
  if (!good && counts.failed === 0) {
    failed++
    notes.push(`${title} ended with an error outside its tests`)
  }
}

one('types', 'tsc', ['--noEmit', '-p', 'tsconfig.json'])
one('schemas of the formats', 'node', ['scripts/make-format-schemas.mjs', '--check'])
one('kubectl page', 'node', ['scripts/kubectl-doc.mjs', '--check'])
one('format and lint', 'biome', ['ci', '--error-on-warnings', '.'])

const vitestReport = join(results, 'vitest.json')
counted(
  'unit and scenario tests',
  'vitest',
  ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${vitestReport}`],
  {
    report: vitestReport,
    count: (r) => ({
      passed: r.numPassedTests,
      failed:
        r.numFailedTests +
        (r.testResults ?? []).filter((f) => f.status === 'failed' && f.assertionResults.length === 0).length,
      skipped: r.numPendingTests + r.numTodoTests,
    }),
  },
)

if (withSite) {
  one('the site builds', 'node', ['scripts/build.mjs'])
  const siteReport = join(results, 'playwright.json')
  counted('the site in a browser', 'playwright', ['test', '--reporter=list,json'], {
    report: siteReport,
    env: { PLAYWRIGHT_JSON_OUTPUT_NAME: siteReport },
    count: (r) => ({
      passed: r.stats.expected + r.stats.flaky,
      failed: r.stats.unexpected,
      skipped: r.stats.skipped,
      flaky: r.stats.flaky,
    }),
  })
}

console.log('')
for (const note of notes) console.log(note)
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
