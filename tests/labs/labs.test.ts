// Every lab: its starter scores nothing, its answers pass, each wrong answer gets its code.
import { describe, expect, it } from 'vitest'
import { labFolder, labIds, readFolder } from '../../grader/cli/lab-folders.ts'
import { kubectlLines } from '../../grader/cli/submission-input.ts'
import { checkLab } from '../../grader/index.ts'

describe.each(labIds())('lab %s', (id) => {
  it('holds what its author declares', () => {
    const report = checkLab(readFolder(labFolder(id)), kubectlLines)
    expect(report.checks.filter((check) => !check.good)).toEqual([])
    expect(report.lab).toBe(id)
  })
})
