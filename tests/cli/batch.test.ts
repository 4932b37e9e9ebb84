// Hundreds of submissions on all cores; a hostile one costs only itself.
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import type { BatchItem } from '../../grader/cli/batch/batch-row.ts'
import { runBatch } from '../../grader/cli/batch/run-batch.ts'
import { reportBatchCsv } from '../../grader/cli/reports/batch.ts'
import { nodewise } from './run-nodewise.ts'

const LAB = 'labs/04-tainted-gpu-and-control-plane'
// Processes and threads start slowly on a busy machine.
vi.setConfig({ testTimeout: 120_000 })

const dir = mkdtempSync(join(tmpdir(), 'nodewise-batch-'))

function handIn(learner: string, text: string): BatchItem {
  const folder = join(dir, learner, '04-tainted-gpu-and-control-plane')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'agent.yaml'), text)
  return { learner, lab: '04-tainted-gpu-and-control-plane', folder, labFolder: LAB }
}

describe('a batch', () => {
  it('grades each learner, keeps a journal, and goes on where it ended', async () => {
    handIn('ada', readFileSync(`${LAB}/answers/model.yaml`, 'utf8'))
    handIn('bob', readFileSync(`${LAB}/wrong/18-tabs.yaml`, 'utf8'))
    const args = ['grade', '--batch', dir, '--jobs', '2', '--resume', join(dir, 'journal.jsonl')]
    const first = await nodewise(args)
    expect(first.code).toBe(1)
    expect(first.stdout.split('\r\n').map((line) => line.split(',').slice(0, 7).join())).toEqual([
      'learner,lab,status,passed,earned,possible,code',
      'ada,04-tainted-gpu-and-control-plane,graded,true,12,12,',
      'bob,04-tainted-gpu-and-control-plane,graded,false,0,12,TabIndent',
      '',
    ])
    const again = await nodewise(args)
    expect(again.stderr).toBe('2 of 2 were graded before\n')
    expect(again.stdout).toBe(first.stdout)
  })

  it('an endless submission is ended at its limit and the others are graded', async () => {
    const endless = handIn('eve', 'a: 1\n')
    const good = handIn('fay', readFileSync(`${LAB}/wrong/18-tabs.yaml`, 'utf8'))
    const rows = await runBatch([{ ...endless, folder: '/dev/fd/0', labFolder: 'endless' }, good], {
      jobs: 1,
      seed: 1,
      limitSeconds: 60,
      onRow: () => undefined,
    })
    expect(rows.map(({ learner, status }) => [learner, status])).toEqual([
      ['eve', 'unreadable'],
      ['fay', 'graded'],
    ])
    const [late] = await runBatch([good], { jobs: 1, seed: 1, limitSeconds: 0.001, onRow: () => undefined })
    expect([late?.status, late?.problem]).toEqual(['timeout', 'ended after 0.001 s'])
  })
})

describe('the table', () => {
  it('quotes what needs it and defuses formulas', () => {
    const row = {
      learner: '=HYPERLINK("x")',
      lab: 'a,b',
      status: 'graded',
      passed: true,
      earned: 1,
      possible: 1,
      code: '',
      problem: '',
      traceHash: '',
    } as const
    expect(reportBatchCsv([row]).split('\r\n')[1]).toBe(`"'=HYPERLINK(""x"")","a,b",graded,true,1,1,,,`)
  })
})
