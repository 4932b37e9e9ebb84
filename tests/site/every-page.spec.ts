import AxeBuilder from '@axe-core/playwright'
import { expect, test } from '@playwright/test'
import { Bench, LAB, LESSON, watch } from './bench.ts'

const PAGES = ['/', '/lessons/', LESSON, '/labs/', LAB, '/conformance/', '/not-simulated/', '/404.html']
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

for (const theme of ['light', 'dark'] as const) {
  for (const path of PAGES) {
    test(`${path} has no accessibility violations, ${theme}`, async ({ page }) => {
      const { problems } = watch(page)
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
      const response = await page.goto(path)
      expect(response?.status()).toBe(200)
      if (path === LAB) await expect(page.locator('.editor.full')).toBeVisible()
      expect(await violations(page)).toEqual([])
      expect(problems).toEqual([])
    })
  }

  test(`the graded lab has no accessibility violations, ${theme}`, async ({ page }) => {
    // Six looks at a full page, on machines that may be busy.
    test.setTimeout(120_000)
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    const bench = new Bench(page)
    await bench.open()
    await bench.check()
    await bench.verdict('gpu-1').click()
    expect(await violations(page)).toEqual([])
    await page.getByRole('button', { name: 'Table' }).click()
    expect(await violations(page)).toEqual([])
    for (const pane of ['Task', 'YAML', 'Cluster', 'Result']) {
      await page.setViewportSize({ width: 390, height: 844 })
      await page.getByRole('button', { name: pane, exact: true }).click()
      expect(await violations(page), pane).toEqual([])
    }
  })

  test(`hints, problems and the reset question have no accessibility violations, ${theme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    const bench = new Bench(page)
    await bench.open()
    await page.getByRole('button', { name: 'Hint' }).click()
    await bench.check()
    await bench.paste('apiVersion: apps/v1\nkind: DaemonSet\nspec:\n  replicas: three\n')
    await expect(page.locator('.problem').first()).toBeVisible()
    expect(await violations(page)).toEqual([])
    await page.getByRole('button', { name: 'Reset text' }).click()
    expect(await violations(page)).toEqual([])
    await page.getByRole('dialog').getByRole('button', { name: 'Reset text' }).click()
    expect(await violations(page)).toEqual([])
  })

  test(`a fault of ours has no accessibility violations, ${theme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    await page.route('**/grader.worker*.js', (route) => route.abort())
    await page.goto(LAB)
    await expect(page.locator('.fault')).toBeVisible()
    expect(await violations(page)).toEqual([])
  })
}

test('every internal link of every page leads somewhere', async ({ page, request }) => {
  const links = new Set<string>()
  for (const path of PAGES) {
    await page.goto(path)
    for (const href of await page
      .locator('a[href]')
      .evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href)))
      links.add(href.split('#')[0] ?? href)
  }
  const inside = [...links].filter((link) => link.startsWith('http://localhost'))
  for (const link of inside) expect((await request.get(link)).status(), link).toBe(200)
})

test('an address that leads nowhere gets its own page and the right status', async ({ page }) => {
  const response = await page.goto('/labs/99-nothing/')
  expect(response?.status()).toBe(404)
  await expect(page.getByRole('heading', { name: 'There is no page here.' })).toBeVisible()
})

test('the theme that was chosen is remembered', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' })
  await page.goto('/')
  await page.getByRole('button', { name: 'Use dark colours' }).click()
  await page.goto('/labs/')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
})

async function violations(page: import('@playwright/test').Page): Promise<readonly string[]> {
  const { violations: found } = await new AxeBuilder({ page }).withTags(RULES).analyze()
  return found.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`),
  )
}
