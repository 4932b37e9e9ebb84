import { existsSync } from 'node:fs'
import { defineConfig } from '@playwright/test'

const PLACES = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const executablePath = PLACES.find((place) => place !== undefined && place !== '' && existsSync(place))
const port = Number(process.env.SITE_PORT ?? 4399)

export default defineConfig({
  testDir: 'tests/site',
  testMatch: '*.spec.ts',
  fullyParallel: true,
  workers: 2,
  // A test that passes only at its second try is reported as such by scripts/test.mjs.
  retries: 1,
  timeout: 45_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  use: {
    baseURL: `http://localhost:${port}`,
    viewport: { width: 1440, height: 900 },
    launchOptions: {
      ...(executablePath === undefined ? {} : { executablePath }),
      chromiumSandbox: false,
    },
  },
  // The built site, as `npm start` serves it.
  webServer: {
    command: 'node scripts/start.mjs',
    port,
    env: { PORT: String(port) },
    reuseExistingServer: false,
    timeout: 120_000,
  },
})
