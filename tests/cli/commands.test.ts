// Exit codes and streams of the commands: docs/formats/command-line.md.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { nodewise } from './run-nodewise.ts'

const LAB = 'labs/04-tainted-gpu-and-control-plane'
vi.setConfig({ testTimeout: 120_000 })

const folder = mkdtempSync(join(tmpdir(), 'nodewise-'))
const scenario = join(folder, 'scenario.yaml')
writeFileSync(
  scenario,
  'nodes: [{ name: w-1 }]\nsteps: [kubectl get nodes -o name, sleep 5, kubectl get nodes nowhere]\n',
)
const taken = join(folder, 'taken')

const rows: readonly (readonly [string, readonly string[], number, RegExp, RegExp?])[] = [
  ['labs lists them', ['labs'], 0, /^04-tainted-gpu-and-control-plane$/m],
  [
    'a right answer ends with 0',
    ['grade', '4', `${LAB}/answers/model.yaml`],
    0,
    /^04-tainted-gpu-and-control-plane: passed, 12 of 12 points\n/,
  ],
  ['a wrong answer ends with 1', ['grade', '04', `${LAB}/wrong/02-gpu-value-pinned.yaml`], 1, /UntoleratedTaint/],
  [
    'enough points pass with --pass',
    ['grade', '4', `${LAB}/wrong/10-on-delete.yaml`, '--pass', '90'],
    0,
    /11 of 12 points/,
  ],
  [
    'json is all that stdout holds',
    ['grade', '4', `${LAB}/wrong/18-tabs.yaml`, '--format', 'json'],
    1,
    /^\{\n {2}"apiVersion": "nodewise\/v1",[\s\S]*\}\n$/,
  ],
  [
    'annotations name the whole path',
    ['grade', '4', `./${LAB}/wrong/18-tabs.yaml`, '--format', 'github'],
    1,
    /^::error file=labs\/04-tainted-gpu-and-control-plane\/wrong\/18-tabs\.yaml,line=\d+,/,
  ],
  ['a lab that does not exist is wrong use', ['grade', '77', 'x.yaml'], 2, /^$/, /there is no lab "77"/],
  ['a file that does not exist is wrong use', ['grade', '4', join(folder, 'none.yaml')], 2, /^$/, /no such file/],
  ['an unknown option is wrong use', ['grade', '4', '--colour'], 2, /^$/, /unknown option/],
  ['why ends with 1 where a node is not covered', ['why', `${LAB}/wrong/17-too-big.yaml`], 1, /InsufficientCPU/],
  [
    'run prints each step and fails with a failed line',
    ['run', scenario],
    1,
    /0 s {2}kubectl get nodes -o name\n {9}node\/w-1\n[\s\S]*Error from server \(NotFound\)/,
  ],
  ['help is help', ['grade', '--help'], 0, /--batch <dir>/],
  ['nothing at all is wrong use', [], 2, /Usage: nodewise/],
]

describe('nodewise', async () => {
  const results = await Promise.all(rows.map(([, args]) => nodewise(args)))
  it.each(rows.map((row, i) => [row[0], row, results[i]!] as const))('%s', (_, [, , code, stdout, stderr], said) => {
    expect({ code: said.code, stderr: said.stderr }).toEqual({
      code,
      stderr: stderr === undefined ? '' : expect.stringMatching(stderr),
    })
    expect(said.stdout).toMatch(stdout)
  })

  it('start writes the files and never overwrites', async () => {
    expect((await nodewise(['start', '4', taken])).code).toBe(0)
    const again = await nodewise(['start', '4', taken])
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('nothing was written')])
    expect(readFileSync(join(taken, 'node-agent.yaml'), 'utf8')).toBe(
      readFileSync(`${LAB}/starter/node-agent.yaml`, 'utf8'),
    )
  })

  it('a dash reads standard input, and commands come from a file', async () => {
    const text = readFileSync(`${LAB}/answers/model.yaml`, 'utf8')
    expect((await nodewise(['grade', '4', '-'], { input: text })).code).toBe(0)
  })

  it('the same submission gives the same bytes', async () => {
    const args = ['grade', '4', `${LAB}/wrong/03-blanket.yaml`, '--format', 'json', '--seed', '7']
    const [one, two] = await Promise.all([nodewise(args), nodewise(args)])
    expect(one.stdout).toBe(two.stdout)
  })
})
