// The workflow files that a course copies call only what the command line documents.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'

const root = join(import.meta.dirname, '../..')

interface GitHubWorkflow {
  readonly jobs: Readonly<Record<string, { readonly steps: readonly { readonly run?: string }[] }>>
}
interface GitLabPipeline {
  readonly grade: { readonly script: readonly string[] }
}

const read = (file: string): unknown => parse(readFileSync(join(root, 'docs/ci', file), 'utf8'))
const github = Object.values((read('github.yml') as GitHubWorkflow).jobs).flatMap(({ steps }) =>
  steps.flatMap(({ run }) => (run === undefined ? [] : run.split('\n'))),
)
const gitlab = (read('gitlab.yml') as GitLabPipeline).grade.script

/** What follows the program's name on each line that calls it. */
function callsIn(lines: readonly string[]): readonly string[][] {
  return lines.flatMap((line) => {
    const match = /bin\/nodewise\.mjs (.*?)(?: >>|\|\||$)/.exec(line)
    return match === null ? [] : [match[1]!.trim().split(/\s+/)]
  })
}

const help = (command: string): string =>
  execFileSync(process.execPath, [join(root, 'bin/nodewise.mjs'), command, '--help'], { encoding: 'utf8' })

describe.each([
  ['github.yml', github],
  ['gitlab.yml', gitlab],
])('docs/ci/%s', (_file, lines) => {
  it('grades the submission and lets its exit code decide', () => {
    const deciding = lines.filter((line) => line.includes('nodewise.mjs grade') && !line.includes('||'))
    expect(deciding).toHaveLength(1)
  })

  it('uses commands, options and formats that exist', () => {
    const documented = help('grade')
    const formats = ['text', 'json', 'junit', 'sarif', 'markdown', 'github']
    for (const [command, ...rest] of callsIn(lines)) {
      expect(command).toBe('grade')
      for (const word of rest.filter((one) => one.startsWith('--'))) expect(documented).toContain(word)
      const format = rest[rest.indexOf('--format') + 1]
      if (rest.includes('--format')) expect(formats).toContain(format)
    }
  })

  it('runs scripts of package.json only', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>
    }
    const used = lines.flatMap((line) => [...line.matchAll(/npm run ([\w:]+)/g)].map((match) => match[1]!))
    expect(used.filter((name) => scripts[name] === undefined)).toEqual([])
  })
})
