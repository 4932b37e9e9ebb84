import { expect, test } from '@playwright/test'
import { LESSON, watch } from './bench.ts'

test('the lesson reads from its title to the lab, with its myths and its summary', async ({ page }) => {
  const { problems } = watch(page)
  await page.goto(LESSON)
  await expect(page).toHaveTitle('Lesson 4 · Taints and tolerations · Nodewise')
  expect(await page.locator('.lesson-text > h2').count()).toBeGreaterThanOrEqual(6)
  await expect(page.getByRole('complementary')).toHaveCount(2)
  await page.getByRole('link', { name: 'Open the lab' }).click()
  await expect(page).toHaveTitle(/^Lab 04 · An agent on tainted GPU/)
  expect(problems).toEqual([])
})

test('a myth leads to the claim that tests it', async ({ page }) => {
  await page.goto(LESSON)
  const myth = page.getByRole('complementary', { name: /master still needs/ })
  await myth.getByRole('link', { name: 'The test' }).click()
  await expect(page.locator('#claim-master-does-nothing')).toBeVisible()
})

test('the scene plays: NoSchedule leaves the Pod, NoExecute takes it away', async ({ page }) => {
  const { problems } = watch(page)
  await page.goto(LESSON)
  const scene = page.locator('.scene')
  const node = (name: string) => scene.locator('.node', { hasText: name })
  const step = scene.getByRole('button', { name: 'Step' })
  await scene.scrollIntoViewIfNeeded()
  await expect(node('w-3')).toContainText('Running')
  await step.click()
  await expect(scene.getByRole('status')).toContainText('Step 2 of 4')
  await expect(node('w-2')).not.toContainText('Not eligible')
  await step.click()
  await expect(node('w-2')).toContainText('Not eligible')
  await expect(node('w-3')).toContainText('Running')
  await step.click()
  await expect(node('w-3')).toContainText('Not eligible')
  await expect(node('w-1')).toContainText('Running')
  await scene.getByRole('button', { name: 'every effect' }).click()
  await expect(node('w-2')).toContainText('Running')
  await expect(node('w-3')).toContainText('Running')
  expect(problems).toEqual([])
})

test('the scene says what Kubernetes refuses', async ({ page }) => {
  await page.goto(LESSON)
  const scene = page.locator('.scene')
  await scene.scrollIntoViewIfNeeded()
  await expect(scene.locator('.node', { hasText: 'w-1' })).toContainText('Running')
  await scene
    .getByRole('textbox')
    .fill('    spec:\n      tolerations:\n      - key: maintenance\n        operator: Sometimes')
  await expect(scene.getByText('Kubernetes refuses this text')).toContainText('supported values: "Equal", "Exists"')
})

test('a question explains the answer that was chosen', async ({ page }) => {
  await page.goto(LESSON)
  await page.getByRole('radio', { name: 'It is evicted at once.' }).check()
  await expect(page.getByText('Only NoExecute evicts.')).toBeVisible()
})

test('the home page can be solved at once', async ({ page }) => {
  const { problems } = watch(page)
  await page.goto('/')
  const scene = page.locator('.scene')
  await expect(scene.locator('.node', { hasText: 'gpu-1' })).toContainText('Not eligible')
  const editor = scene.getByRole('textbox')
  const text = await editor.inputValue()
  await editor.fill(text.replace('value: present', 'value: a100'))
  await expect(scene.getByText('Every node runs the agent.')).toBeVisible()
  await expect(scene.getByRole('link', { name: 'Read why' })).toBeVisible()
  expect(problems).toEqual([])
})
