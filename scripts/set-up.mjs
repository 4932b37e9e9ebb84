// Runs on Node 20 before anything else: installs what package-lock.json says, and with --tests makes sure that a Chromium
// is there. Plain syntax and no imports from node_modules, because there may be none yet.
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const CHROMIUM_PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

installDependencies()
if (process.argv.includes('--tests')) ensureChromium()

/** `npm ci`, unless the folder already holds what the lock file asks for. */
function installDependencies() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  const mark = join(root, 'node_modules', '.nodewise-lock')
  const nodeIsThere = existsSync(join(root, 'node_modules', '.bin', 'node'))
  if (nodeIsThere && existsSync(mark) && readFileSync(mark, 'utf8') === lock) return
  if (nodeIsThere && installedMatchesLock()) return writeFileSync(mark, lock)
  console.log('Installing what Nodewise needs (about a minute, once) …')
  const done = spawnSync('npm', ['ci'], { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' })
  if (done.status !== 0) {
    console.error(
      '\n`npm ci` failed. Next: read its message above; a registry that cannot be reached is the usual cause.',
    )
    process.exit(done.status === null ? 1 : done.status)
  }
  mkdirSync(dirname(mark), { recursive: true })
  writeFileSync(mark, lock)
}

/** True when every direct dependency is installed in the version that the lock file names. */
function installedMatchesLock() {
  const packages = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  const direct = Object.assign({}, packages[''].dependencies, packages[''].devDependencies)
  return Object.keys(direct).every((name) => {
    const file = join(root, 'node_modules', name, 'package.json')
    const locked = packages[`node_modules/${name}`]
    return locked !== undefined && existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).version === locked.version
  })
}

/** The browser tests use the system's Chromium: nothing is downloaded besides the distribution's own package. */
function ensureChromium() {
  if (findChromium() !== undefined) return
  const isRoot = typeof process.getuid === 'function' && process.getuid() === 0
  if (isRoot && existsSync('/usr/bin/apt-get')) {
    console.log('Installing Chromium for the browser tests (apt-get) …')
    try {
      execFileSync('apt-get', ['update', '-q'], { stdio: 'ignore' })
      execFileSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'chromium'], {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: Object.assign({}, process.env, { DEBIAN_FRONTEND: 'noninteractive' }),
      })
    } catch {
      // What to do next is the same whether apt-get failed or is missing; it is said below.
    }
    if (findChromium() !== undefined) return
  }
  console.error(
    'The browser tests need a Chromium, and none was found.\n' +
      'Next: install it (Debian, Ubuntu: `sudo apt-get install chromium`), or set CHROMIUM to the path of one.',
  )
  process.exit(1)
}

function findChromium() {
  return [process.env.CHROMIUM, ...CHROMIUM_PLACES].find(
    (place) => place !== undefined && place !== '' && canRun(place),
  )
}

function canRun(file) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
