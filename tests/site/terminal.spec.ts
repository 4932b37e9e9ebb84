import AxeBuilder from '@axe-core/playwright'
import { expect, type Page, test } from '@playwright/test'
import { Bench, LAB, watch } from './bench.ts'

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const screen = (page: Page) => page.locator('.xterm-rows')

/** Types a line and waits until it stands in the screen: the terminal answers when it is ready. */
async function run(page: Page, line: string): Promise<void> {
  await page.keyboard.type(line)
  await page.keyboard.press('Enter')
}

async function openTerminal(page: Page): Promise<Bench> {
  const bench = new Bench(page)
  await bench.open()
  await page.keyboard.press('Control+Backquote')
  await expect(screen(page)).toContainText('A copy of the lab')
  return bench
}

test('the terminal is opened, used and left by the keyboard alone', async ({ page }) => {
  const { problems } = watch(page)
  await openTerminal(page)
  await run(page, 'k get ds -n monitoring')
  await expect(screen(page)).toContainText('node-agent')
  // Earlier lines come back and can be changed.
  await page.keyboard.press('ArrowUp')
  await run(page, ' -o name')
  await expect(screen(page)).toContainText('daemonset.apps/node-agent')
  await run(page, 'frobnicate')
  await expect(screen(page)).toContainText('frobnicate: command not found')
  // Tab completes; after Escape it leaves.
  await page.keyboard.type('kubectl cordon w-')
  await page.keyboard.press('Tab')
  await expect(screen(page)).toContainText('w-1  w-2')
  await page.keyboard.type('1')
  await page.keyboard.press('Enter')
  await expect(screen(page)).toContainText('node/w-1 cordoned')
  expect(await isInTerminal(page)).toBe(true)
  await page.keyboard.press('Escape')
  await page.keyboard.press('Tab')
  expect(await isInTerminal(page)).toBe(false)
  await page.keyboard.press('Control+Backquote')
  await expect(page.locator('.xterm')).toHaveCount(0)
  await expect(page.getByRole('button', { name: /^Terminal/ })).toBeFocused()
  expect(problems).toEqual([])
})

test('what is done in the terminal never touches the grade or the board', async ({ page }) => {
  const bench = await openTerminal(page)
  await run(page, 'kubectl delete ds --all -A')
  await expect(screen(page)).toContainText('deleted')
  await expect(bench.verdict('w-1')).toContainText('Running')
  await bench.check()
  await expect(page.locator('.future')).toHaveCount(7)
  await expect(bench.verdict('w-1')).toContainText('Running')
  // The board and the grade never saw it; the copy did.
  await page.locator('.xterm-helper-textarea').focus()
  await run(page, 'clear')
  await run(page, 'k get ds -A')
  await expect(screen(page)).toContainText('No resources found')
  await run(page, 'reset')
  await run(page, 'k get ds -A -o name')
  await expect(screen(page)).toContainText('daemonset.apps/node-agent')
})

test('a copy follows what is pasted, and what is selected can be copied', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await openTerminal(page)
  await page.evaluate(() => navigator.clipboard.writeText('kubectl get ns -o name\nkubectl cordon w-2\n'))
  await page.keyboard.press('Control+V')
  await expect(screen(page)).toContainText('namespace/monitoring')
  await expect(screen(page)).toContainText('node/w-2 cordoned')
  const box = await screen(page).getByText('node/w-2 cordoned').boundingBox()
  if (box === null) throw new Error('the line is not on the screen')
  await page.mouse.dblclick(box.x + 20, box.y + box.height / 2)
  await page.keyboard.press('Control+C')
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain('node/w-2')
})

test('the mouse opens and closes the drawer, and kubectl explain has its words', async ({ page }) => {
  const bench = new Bench(page)
  await bench.open()
  await page.getByRole('button', { name: /^Terminal/ }).click()
  await expect(screen(page)).toContainText('A copy of the lab')
  await run(page, 'k explain ds.spec.minReadySeconds')
  await expect(screen(page)).toContainText('The minimum number of seconds')
  await page.getByRole('button', { name: /^Terminal/ }).click()
  await expect(page.locator('.xterm')).toHaveCount(0)
  // What was said is there again.
  await page.getByRole('button', { name: /^Terminal/ }).click()
  await expect(screen(page)).toContainText('The minimum number of seconds')
})

test('a plain terminal takes over when the full one cannot load', async ({ page }) => {
  await page.route('**/XtermView*.js', (route) => route.abort())
  const bench = new Bench(page)
  await bench.open()
  await page.keyboard.press('Control+Backquote')
  await expect(page.getByText('Plain terminal: the full one could not be loaded.')).toBeVisible()
  await run(page, 'k get nodes')
  await expect(page.getByRole('log')).toContainText('cp-1')
  await page.keyboard.press('ArrowUp')
  await expect(page.getByRole('textbox', { name: 'Terminal input' })).toHaveValue('k get nodes')
  expect(await violations(page)).toEqual([])
})

for (const theme of ['light', 'dark'] as const) {
  test(`the terminal has no accessibility violations, ${theme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    await openTerminal(page)
    await run(page, 'k get pods -A')
    await run(page, 'k get nonsense')
    await expect(screen(page)).toContainText('nonsense')
    expect(await violations(page)).toEqual([])
    await page.getByRole('button', { name: 'Screen reader mode' }).click()
    await expect(page.locator('.xterm-accessibility')).toContainText('nonsense')
    expect(await violations(page)).toEqual([])
  })
}

test('on a phone the terminal is under the cluster', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(LAB)
  await expect(page.getByRole('button', { name: /^Terminal/ })).toHaveCount(0)
  await page.getByRole('button', { name: 'Cluster', exact: true }).click()
  await page.getByRole('button', { name: /^Terminal/ }).click()
  await expect(screen(page)).toContainText('A copy of the lab')
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
})

async function isInTerminal(page: Page): Promise<boolean> {
  return page.evaluate(() => document.activeElement?.closest('.terminal-body') != null)
}

async function violations(page: Page): Promise<readonly string[]> {
  const { violations: found } = await new AxeBuilder({ page }).withTags(RULES).analyze()
  return found.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary}`))
}
