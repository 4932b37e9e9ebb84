// What authors are held to: a lab that breaks a rule is told which.
import { describe, expect, it } from 'vitest'
import { readFolder } from '../../grader/cli/lab-folders.ts'
import { kubectlLines } from '../../grader/cli/submission-input.ts'
import { checkLab } from '../../grader/index.ts'

const all = readFolder('labs/04-tainted-gpu-and-control-plane')
/** The lab with one timeline, one answer and three wrong ones: what is asked here does not need more. */
const kept = /^(lab\.yaml|task\.md|hints\.md|starter\/|answers\/model|wrong\/(02|03|18))/
const small = Object.fromEntries(
  Object.entries(all)
    .filter(([path]) => kept.test(path))
    .map(([path, text]) => [path, path === 'lab.yaml' ? text.replace(/^variants:[\s\S]*/m, '') : text]),
)
const broken = (files: Readonly<Record<string, string>>) =>
  checkLab(files, kubectlLines)
    .checks.filter(({ good }) => !good)
    .map(({ what, problem }) => `${what}: ${problem}`)
const changed = (path: string, from: string | RegExp, to: string) => ({
  ...small,
  [path]: small[path]!.replace(from, () => to),
})

describe('check-labs', () => {
  it('says nothing of a good lab', () => expect(broken(small)).toEqual([]))

  it.each([
    [
      'a wrong answer that passes',
      { ...small, 'wrong/99-model.yaml': `# UntoleratedTaint\n${small['answers/model.yaml']}` },
      /^wrong\/99-model\.yaml: passes$/,
    ],
    [
      'a wrong answer whose code comes second',
      changed('wrong/02-gpu-value-pinned.yaml', 'PinsTaintValue', 'UntoleratedTaint'),
      /UntoleratedTaint must be what its learner reads first/,
    ],
    ['a wrong answer without a code', changed('wrong/18-tabs.yaml', /^# .*\n/, ''), /names no code/],
    [
      'an answer that does not pass',
      { ...small, 'answers/other.yaml': small['wrong/02-gpu-value-pinned.yaml']! },
      /^answers\/other\.yaml: does not pass: gpu \(a GPU node with another taint value joins\)/,
    ],
    [
      'a starter that scores',
      { ...small, 'starter/node-agent.yaml': small['answers/model.yaml']! },
      /^the starter: earns 12 points and passes$/,
    ],
    ['two hints', changed('hints.md', '## Nearly there', ''), /^hints\.md: there are 2 hints/],
    ['a file that nobody reads', { ...small, 'notes.txt': '' }, /^files: nobody reads notes\.txt$/],
    [
      'an expression that is not CEL',
      changed('lab.yaml', "readyPods('node-agent', node).size() == 1", "readyPods('node-agent', node).size( == 1"),
      /^lab\.yaml: goals\.0\.require: .*at character/,
    ],
    [
      'a timeline that does not exist',
      changed('lab.yaml', 'in: [now, a second control-plane node joins]', 'in: [then]'),
      /^lab\.yaml: goals\.1\.in: there is no timeline "then"/,
    ],
    ['a field that does not exist', changed('lab.yaml', 'minutes: 8', 'minuts: 8'), /^lab\.yaml: .*minu/],
  ])('finds %s', (_, files, says) => {
    expect(broken(files).join('\n')).toMatch(new RegExp(says.source, `${says.flags}m`))
  })
})
