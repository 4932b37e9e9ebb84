import { readFileSync } from 'node:fs'
import { expect, test } from '@playwright/test'
import { gradeSubmission, loadLab } from '../../grader/index.ts'
import { Bench, LAB, watch } from './bench.ts'

const FOLDER = 'labs/04-tainted-gpu-and-control-plane'
const model = readFileSync(`${FOLDER}/answers/model.yaml`, 'utf8')
const starter = readFileSync(`${FOLDER}/starter/node-agent.yaml`, 'utf8').split('\n')
const lineOf = (text: string) => starter.findIndex((line) => line.includes(text)) + 1

test('the lab is solved by the keyboard alone', async ({ page }) => {
  const { problems } = watch(page)
  const bench = new Bench(page)
  await bench.open()
  // From the top of the page to the editor by Tab alone, as somebody without a mouse gets there.
  await page.keyboard.press('Tab')
  for (let i = 0; i < 30 && !(await isEditorFocused(page)); i++) await page.keyboard.press('Tab')
  expect(await isEditorFocused(page)).toBe(true)
  // The new line keeps the indentation of the one before.
  await bench.goToEndOf(lineOf('maxUnavailable: 50%'))
  for (let i = 0; i < '50%'.length; i++) await page.keyboard.press('Backspace')
  await page.keyboard.type('1')
  await bench.goToEndOf(lineOf('    spec:'))
  await page.keyboard.press('Enter')
  await page.keyboard.type('  tolerations:')
  await page.keyboard.press('Enter')
  await page.keyboard.type('- key: nvidia.com/gpu')
  await page.keyboard.press('Enter')
  await page.keyboard.type('  operator: Exists')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Backspace')
  await page.keyboard.type('- key: node-role.kubernetes.io/control-plane')
  await page.keyboard.press('Enter')
  await page.keyboard.type('  operator: Exists')
  await expect(bench.verdict('gpu-1')).toContainText('Running')
  await bench.check()
  await expect(page.getByRole('heading', { name: 'All goals hold, in every timeline.' })).toBeVisible()
  await expect(page.locator('.goal.passed')).toHaveCount(6)
  // Out of the editor again: Escape closes what is still suggested, Ctrl+M lets Tab leave.
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+M')
  await page.keyboard.press('Tab')
  await expect.poll(() => isEditorFocused(page)).toBe(false)
  expect(problems).toEqual([])
})

test('after a check each timeline says whether it held, and shows its end on the board', async ({ page }) => {
  const bench = new Bench(page)
  await bench.open()
  await expect(page.locator('.future')).toHaveCount(0)
  await bench.check()
  await expect(page.locator('.future')).toHaveCount(7)
  await page.locator('.future', { hasText: 'another taint value' }).click()
  await expect(bench.verdict('gpu-3')).toBeVisible()
  await page.getByRole('button', { name: 'Back to now' }).click()
  await expect(bench.verdict('gpu-3')).toHaveCount(0)
})

test('the grade in the browser is the grade in Node, to the byte', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const bench = new Bench(page)
  await bench.open()
  await bench.check()
  await page.getByRole('button', { name: 'Copy the grade' }).click()
  await expect(page.getByText('Copied as JSON.')).toBeVisible()
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  const names = ['lab.yaml', 'task.md', 'hints.md', 'starter/node-agent.yaml']
  const { lab } = loadLab(Object.fromEntries(names.map((name) => [name, readFileSync(`${FOLDER}/${name}`, 'utf8')])))
  if (lab === undefined) throw new Error('the lab is not valid')
  const grade = gradeSubmission(lab, { files: lab.starter }, { seed: 1 })
  expect(copied).toBe(`${JSON.stringify(grade, null, 2)}\n`)
})

test('doing nothing earns nothing, and the first reason leads to a line', async ({ page }) => {
  const bench = new Bench(page)
  await bench.open()
  await bench.check()
  await expect(page.getByRole('heading', { name: 'No points yet.' })).toBeVisible()
  await expect(page.locator('.first-reason')).not.toBeEmpty()
})

test('a node says why, and its line is shown in the editor', async ({ page }) => {
  const bench = new Bench(page)
  await bench.open()
  await bench.verdict('gpu-1').click()
  const why = page.getByRole('region', { name: 'Why gpu-1?' })
  await expect(why).toContainText('nvidia.com/gpu')
  await page.getByRole('button', { name: 'Table' }).click()
  await expect(page.getByRole('row', { name: /gpu-1/ })).toContainText('nvidia.com/gpu')
})

test('a draft survives a reload', async ({ page }) => {
  const bench = new Bench(page)
  await bench.open()
  await bench.paste(`# mine\n${model}`)
  await expect(page.getByText('Draft saved in this browser')).toBeVisible()
  await page.reload()
  await expect(page.getByText('Your draft from an earlier visit is back.')).toBeVisible()
  await expect(bench.full).toContainText('# mine')
})

test('a corrupt draft is set aside and said', async ({ page }) => {
  await page.addInitScript(() =>
    localStorage.setItem('nodewise/draft/04-tainted-gpu-and-control-plane', '{"version":1,"data":{'),
  )
  const bench = new Bench(page)
  await bench.open()
  await expect(page.getByText('A stored draft could not be read.')).toBeVisible()
})

test('without storage the lab works and says that nothing is kept', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, 'localStorage', {
      get() {
        throw new DOMException('blocked', 'SecurityError')
      },
    })
  })
  const bench = new Bench(page)
  await bench.open()
  await bench.paste(model)
  await expect(page.getByText('This browser keeps no storage for this page')).toBeVisible()
  await bench.check()
  await expect(page.getByRole('heading', { name: 'All goals hold, in every timeline.' })).toBeVisible()
})

test('the starter text comes back, and the own text after it', async ({ page }) => {
  const bench = new Bench(page)
  await bench.open()
  await bench.paste(`# mine\n${model}`)
  await page.getByRole('button', { name: 'Reset text' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Reset text' }).click()
  await expect(bench.full).not.toContainText('# mine')
  await page.getByRole('button', { name: 'Bring my text back' }).click()
  await expect(bench.full).toContainText('# mine')
})

test('hints come one at a time', async ({ page }) => {
  const bench = new Bench(page)
  await bench.open()
  const hint = page.getByRole('button', { name: 'Hint' })
  for (const number of [1, 2, 3]) {
    await hint.click()
    await expect(page.getByText(`Hint ${number} of 3`)).toBeVisible()
  }
  await expect(hint).toHaveAttribute('aria-disabled', 'true')
})

test('the textarea takes over when the full editor cannot load', async ({ page }) => {
  const bench = new Bench(page)
  await bench.openPlain()
  await bench.plain.fill(model)
  await expect(bench.verdict('gpu-1')).toContainText('Running')
  await bench.check()
  await expect(page.getByRole('heading', { name: 'All goals hold, in every timeline.' })).toBeVisible()
})

test('a grader that dies is started again, and nothing typed is lost', async ({ page }) => {
  let isBroken = true
  await page.route('**/grader.worker*.js', (route) => (isBroken ? route.abort() : route.continue()))
  await page.goto(LAB)
  await page.getByRole('button', { name: 'Check Ctrl' }).click()
  await expect(page.locator('.fault')).toContainText('A fault of the platform, not of this answer.')
  isBroken = false
  await page.getByRole('button', { name: 'Check again' }).click()
  await expect(page.locator('.outcome h2')).toBeVisible()
})

test('on a phone the four panes are tabs and Check stays in reach', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  const bench = new Bench(page)
  await page.goto(LAB)
  await expect(page.getByRole('button', { name: 'Check', exact: false }).first()).toBeInViewport()
  await page.getByRole('button', { name: 'Cluster', exact: true }).click()
  await expect(bench.verdict('gpu-1')).toBeVisible()
  await page.getByRole('button', { name: 'Check', exact: false }).first().click()
  await expect(page.locator('.outcome h2')).toBeVisible()
  const width = await page.evaluate(() => document.documentElement.scrollWidth)
  expect(width).toBeLessThanOrEqual(390)
})

async function isEditorFocused(page: import('@playwright/test').Page): Promise<boolean> {
  return page.evaluate(() => document.activeElement?.closest('.monaco-editor') != null)
}
