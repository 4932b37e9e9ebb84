// The grader in a real browser against the grader in Node: the same traces, the same grade, byte for byte.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { build } from 'esbuild'
import { readFolder } from '../../grader/cli/lab-folders.ts'
import { gradeSubmission, loadLab } from '../../grader/index.ts'
import { hashCases } from '../conformance/case-hashes.ts'

const root = join(import.meta.dirname, '../..')
const folder = join(root, 'tests/conformance/cases')

function recordedCases(): Record<string, string> {
  const files = readdirSync(folder).flatMap((group) =>
    readdirSync(join(folder, group)).map((file) => `${group}/${file}`),
  )
  return Object.fromEntries(files.sort().map((file) => [file, readFileSync(join(folder, file), 'utf8')]))
}

/** A module of ours as one script that puts what it exports under `window.nodewise`. */
async function bundle(contents: string): Promise<string> {
  const result = await build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'nodewise',
    platform: 'browser',
    target: 'es2022',
  })
  return result.outputFiles[0]!.text
}

declare const nodewise: {
  hashCases: typeof hashCases
  loadLab: typeof loadLab
  gradeSubmission: typeof gradeSubmission
}

test('every recorded case leaves the same trace in Chromium and in Node', async ({ page }) => {
  test.setTimeout(120_000)
  const cases = recordedCases()
  await page.goto('about:blank')
  await page.addScriptTag({ content: await bundle("export { hashCases } from './tests/conformance/case-hashes.ts'") })
  const inBrowser = await page.evaluate((all) => nodewise.hashCases(all), cases)
  expect(inBrowser).toEqual(hashCases(cases))
})

test('a grade is the same text in Chromium and in Node', async ({ page }) => {
  const files = readFolder(join(root, 'labs/04-tainted-gpu-and-control-plane'))
  const submissions = Object.entries(files).filter(([path]) => /^(answers|wrong)\//.test(path))
  const { lab } = loadLab(files)
  const inNode = submissions.map(([name, text]) => JSON.stringify(gradeSubmission(lab!, { files: [{ name, text }] })))
  await page.goto('about:blank')
  await page.addScriptTag({ content: await bundle("export { gradeSubmission, loadLab } from './grader/index.ts'") })
  const inBrowser = await page.evaluate(
    ([all, work]) => {
      const loaded = nodewise.loadLab(all)
      if (loaded.lab === undefined) throw new Error('the lab has faults')
      return work.map(([name, text]) =>
        JSON.stringify(nodewise.gradeSubmission(loaded.lab, { files: [{ name, text }] })),
      )
    },
    [files, submissions] as const,
  )
  expect(inBrowser).toEqual(inNode)
})
