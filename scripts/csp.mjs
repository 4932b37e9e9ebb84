import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const INLINE_SCRIPT = /<script(?![^>]*\ssrc=)([^>]*)>([\s\S]*?)<\/script>/g
const DATA_SCRIPT = /type="application\/(?:json|ld\+json)"/

/**
 * Astro integration: after the build, every page gets a Content-Security-Policy that allows its own inline scripts by
 * hash and nothing from elsewhere. Styles stay 'unsafe-inline' because the editor sets style attributes; frame-ancestors
 * works in a header only, so servers add it.
 */
export function contentSecurityPolicy() {
  return {
    name: 'nodewise-csp',
    hooks: {
      'astro:build:done': async ({ dir, logger }) => {
        const pages = await htmlFilesIn(fileURLToPath(dir))
        await Promise.all(pages.map(addPolicy))
        logger.info(`policy written into ${pages.length} pages`)
      },
    },
  }
}

/** The policy's text for one page's HTML. */
export function policyFor(html) {
  const hashes = new Set()
  for (const [, attributes, body] of html.matchAll(INLINE_SCRIPT)) {
    if (!DATA_SCRIPT.test(attributes)) hashes.add(`'sha256-${createHash('sha256').update(body).digest('base64')}'`)
  }
  return [
    "default-src 'none'",
    ["script-src 'self'", ...[...hashes].sort()].join(' '),
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join('; ')
}

async function addPolicy(file) {
  const html = await readFile(file, 'utf8')
  const meta = `<meta http-equiv="content-security-policy" content="${policyFor(html)}">`
  await writeFile(
    file,
    html.replace(/<meta charset="utf-8"\s*\/?>/i, (charset) => charset + meta),
  )
}

async function htmlFilesIn(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.html'))
    .map((entry) => join(entry.parentPath, entry.name))
}
