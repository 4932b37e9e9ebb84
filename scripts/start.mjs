// `npm start`: builds the site when it is missing or older than its sources, serves it, prints the address.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import sirv from 'sirv'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const dist = resolve(root, process.env.NODEWISE_DIST ?? 'dist')
const SOURCES = ['astro.config.mjs', 'package-lock.json', 'src', 'content', 'labs', 'grader', 'scripts']
const HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "frame-ancestors 'none'",
}

buildWhenNeeded()
serve(Number(process.env.PORT ?? 4321))

function buildWhenNeeded() {
  const built = join(dist, 'index.html')
  const sources = Math.max(...SOURCES.map((name) => newestIn(join(root, name))))
  if (existsSync(built) && statSync(built).mtimeMs >= sources) return
  console.log('Building the site …')
  const done = spawnSync(process.execPath, [join(root, 'scripts', 'build.mjs'), '--silent'], {
    cwd: root,
    stdio: 'inherit',
  })
  if (done.status !== 0) process.exit(done.status ?? 1)
}

function newestIn(path) {
  if (!existsSync(path)) return 0
  const stat = statSync(path)
  if (!stat.isDirectory()) return stat.mtimeMs
  return readdirSync(path).reduce((newest, name) => Math.max(newest, newestIn(join(path, name))), 0)
}

/** Serves the site on the wanted port, or on a free one when somebody else has it. */
function serve(port) {
  const files = sirv(dist, { etag: true, extensions: ['html'], setHeaders: addHeaders })
  const server = createServer((request, response) => files(request, response, () => notFound(response)))
  server.once('error', (error) => {
    if (error.code !== 'EADDRINUSE' || port === 0) throw error
    serve(0)
  })
  server.listen(port, '127.0.0.1', () => {
    console.log(`\n  Nodewise is ready at http://localhost:${server.address().port}/\n  Ctrl+C ends it.\n`)
  })
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => {
      server.close(() => process.exit(0))
      server.closeAllConnections()
    })
  }
}

function addHeaders(response, path) {
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value)
  // Hashed names never change their content; pages are asked for again each time.
  response.setHeader('cache-control', path.startsWith('/_astro/') ? 'public, max-age=31536000, immutable' : 'no-cache')
}

/** The page of its own for addresses that lead nowhere, with the status that says so. */
function notFound(response) {
  const page = readFileSync(join(dist, '404.html'))
  addHeaders(response, '/404.html')
  response.writeHead(404, { 'content-type': 'text/html;charset=utf-8' }).end(page)
}
