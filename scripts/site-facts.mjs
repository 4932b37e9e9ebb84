import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'

const COMMENT_LINE = /^\s*(?:\/\/|\*) ?/

/**
 * What is not simulated: every comment of the grader that begins with `Simplified:`, as
 * [{ id, area, file, text }] in the order of the paths. A comment may run over several lines.
 */
export function collectSimplifications(root) {
  return filesIn(join(root, 'grader'))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => ({ file, path: relative(root, file).split(sep).join('/') }))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .flatMap(({ file, path }) => simplificationsIn(readFileSync(file, 'utf8'), path))
}

/**
 * What the conformance test wrote about itself, as the content layer wants it: one entry. Empty until the test has run
 * with CONFORMANCE_RESULTS=1.
 */
export function conformanceResults(root) {
  const file = join(root, 'tests', 'conformance', 'results.json')
  return existsSync(file) ? [{ id: 'results', ...JSON.parse(readFileSync(file, 'utf8')) }] : []
}

function simplificationsIn(source, path) {
  const lines = source.split('\n')
  const found = []
  for (let i = 0; i < lines.length; i++) {
    const start = /^\s*(?:\/\/|\*|\/\*\*) Simplified: (.*)$/.exec(lines[i])
    if (start === null) continue
    const text = [start[1]]
    while (continuesComment(lines[i + 1])) text.push(lines[++i].replace(COMMENT_LINE, ''))
    const area = path.split('/').slice(1, -1).join('/')
    found.push({
      id: `${path}#${found.length + 1}`,
      area,
      file: path,
      text: text
        .join(' ')
        .replace(/\s*\*\/$/, '')
        .trim(),
    })
  }
  return found
}

function continuesComment(line) {
  return line !== undefined && /^\s*(?:\/\/|\*) +(?!Simplified:|@)\S/.test(line)
}

function filesIn(folder) {
  if (!existsSync(folder)) return []
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}
