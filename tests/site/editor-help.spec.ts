import AxeBuilder from '@axe-core/playwright'
import { expect, test } from '@playwright/test'
import { Bench, watch } from './bench.ts'

const HEAD = 'apiVersion: apps/v1\nkind: DaemonSet\nmetadata:\n  name: node-agent\n  namespace: monitoring\nspec:\n'

test('fields and values are completed by the keyboard', async ({ page }) => {
  const { problems } = watch(page)
  const bench = new Bench(page)
  await bench.open()
  await bench.paste(`${HEAD}  template:\n    spec:\n      `)
  await page.keyboard.press('Control+End')
  await page.keyboard.press('Control+Space')
  const list = page.locator('.suggest-widget')
  await expect(list.getByRole('option').first()).toContainText('containers')
  await page.keyboard.type('toler')
  await expect(list.getByRole('option').first()).toContainText('tolerations')
  await page.keyboard.press('Enter')
  await expect(bench.full).toContainText('tolerations:')
  await page.keyboard.type('oper')
  await expect(list.getByRole('option').first()).toContainText('operator')
  await page.keyboard.press('Enter')
  // The values of a field with few of them are offered at once.
  await expect(list.getByRole('option', { name: /^Exists/ })).toBeVisible()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(bench.full).toContainText('- operator: Exists')
  await page.keyboard.press('Enter')
  await page.keyboard.type('  key: gpu')
  await expect(bench.full).toContainText('key: gpu')
  expect(problems).toEqual([])
})

test('whoever types a value out gets a new line from Enter', async ({ page }) => {
  const bench = new Bench(page)
  await bench.open()
  await bench.paste(`${HEAD}  template:\n    spec:\n      tolerations:\n      - operator:`)
  await page.keyboard.press('Control+End')
  await page.keyboard.type(' Exists')
  await page.keyboard.press('Enter')
  await page.keyboard.type('  effect: NoSchedule')
  await expect(bench.full).toContainText('operator: Exists')
  await expect(bench.full).toContainText('effect: NoSchedule')
})

test('a field says what it is, by mouse and by keyboard', async ({ page }) => {
  const bench = new Bench(page)
  await bench.open()
  const hover = page.locator('.monaco-hover:visible')
  await bench.full.getByText('updateStrategy').hover()
  await expect(hover).toContainText('DaemonSetUpdateStrategy')
  await expect(hover).toContainText('An update strategy to replace existing DaemonSet pods')
  await page.mouse.move(0, 0)
  await expect(hover).toHaveCount(0)
  await page.getByRole('textbox', { name: 'node-agent.yaml' }).focus()
  await page.keyboard.press('Control+Home')
  for (let i = 0; i < 6; i++) await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Home')
  await page.keyboard.press('Control+K')
  await page.keyboard.press('Control+I')
  await expect(hover).toContainText('LabelSelector')
  await expect(hover).toContainText('required')
})

for (const theme of ['light', 'dark'] as const) {
  test(`completion and hover have no accessibility violations, ${theme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    const bench = new Bench(page)
    await bench.open()
    await bench.paste(`${HEAD}  `)
    await page.keyboard.press('Control+End')
    await page.keyboard.press('Control+Space')
    await expect(page.locator('.suggest-widget').getByRole('option').first()).toBeVisible()
    const { violations } = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag22aa', 'best-practice'])
      .analyze()
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual([])
  })
}
