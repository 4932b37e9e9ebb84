import { expect, type Locator, type Page } from '@playwright/test'

export const LAB = '/labs/04-tainted-gpu-and-control-plane/'
export const LESSON = '/lessons/04-taints-and-tolerations/'

/** Drives the bench as a learner does; knows where things are, so that the specs read as sentences. */
export class Bench {
  readonly page: Page
  readonly plain: Locator
  readonly full: Locator

  constructor(page: Page) {
    this.page = page
    this.plain = page.locator('.plain-text')
    this.full = page.locator('.editor.full .monaco-editor')
  }

  /** Opens the lab and waits until the full editor and the first preview are there. */
  async open(): Promise<void> {
    await this.page.goto(LAB)
    await expect(this.full).toBeVisible()
    await expect(this.verdict('w-1')).toContainText('Running')
  }

  /** Opens the lab where the full editor cannot be loaded. */
  async openPlain(): Promise<void> {
    await this.page.route('**/MonacoEditor*.js', (route) => route.abort())
    await this.page.goto(LAB)
    await expect(this.page.getByText('Plain editor: the full one could not be loaded.')).toBeVisible()
  }

  verdict(node: string): Locator {
    return this.page.locator('.cluster-pane .node', { hasText: node })
  }

  /** Replaces the text in the full editor from the clipboard, as somebody does who writes elsewhere. */
  async paste(text: string): Promise<void> {
    await this.page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await this.page.evaluate((copied) => navigator.clipboard.writeText(copied), text)
    await this.page.getByRole('textbox', { name: 'node-agent.yaml' }).focus()
    await this.page.keyboard.press('Control+A')
    await this.page.keyboard.press('Control+V')
    await this.page.keyboard.press('Control+Home')
  }

  /** Puts the cursor at the end of a line of the full editor by keys alone. */
  async goToEndOf(line: number): Promise<void> {
    await this.page.keyboard.press('Control+Home')
    for (let i = 1; i < line; i++) await this.page.keyboard.press('ArrowDown')
    await this.page.keyboard.press('End')
  }

  async check(): Promise<void> {
    await this.page.keyboard.press('Control+Enter')
    await expect(this.page.locator('.outcome h2')).toBeVisible()
    await expect(this.page.getByRole('button', { name: /^Check/ })).toBeEnabled()
  }
}

/** Fails the test at its end when the page asked another host, logged an error or threw. */
export function watch(page: Page): { readonly problems: string[] } {
  const problems: string[] = []
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (!['localhost', ''].includes(url.hostname) && url.protocol !== 'data:' && url.protocol !== 'blob:')
      problems.push(`foreign request: ${request.url()}`)
  })
  page.on('pageerror', (error) => problems.push(`page error: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('net::ERR_FAILED'))
      problems.push(`console: ${message.text()}`)
  })
  return { problems }
}
