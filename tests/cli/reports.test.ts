// The reports whole, as people and programs read them.
import { describe, expect, it } from 'vitest'
import { reportGitHub } from '../../grader/cli/reports/github.ts'
import { reportJUnit } from '../../grader/cli/reports/junit.ts'
import { reportMarkdown } from '../../grader/cli/reports/markdown.ts'
import { reportSarif } from '../../grader/cli/reports/sarif.ts'
import { reportText } from '../../grader/cli/reports/text.ts'
import { agent, gradeText, labOf } from '../grading/small-lab.ts'

const lab = labOf({
  nodes: "[{ name: w-1 }, { name: gpu-1, taints: ['nvidia.com/gpu=present:NoSchedule'] }]",
  goals: [
    `{ id: workers, title: "Ready on the worker", points: 1, require: "runningOn('agent').exists(n, n == 'w-1')" }`,
    `{ id: gpu, title: "\`agent\` is ready on every GPU node, whatever the value of its taint is", points: 2, over: nodes, where: "node.metadata.name.startsWith('gpu')", require: "readyPods('agent', node).size() == 1" }`,
  ],
})
const grade = gradeText(lab, agent({ spec: 'tolerations: [{ key: nvidia.com/gpu, value: a100 }]' }))
const broken = gradeText(lab, agent({ spec: 'toleration: []' }))

describe('reports', () => {
  it('text', () => {
    expect(reportText(grade, false)).toMatchInlineSnapshot(`
      "99-small: not there yet, 1 of 3 points

      agent.yaml:9:21  UntoleratedTaint
        \`gpu-1\` has the taint \`nvidia.com/gpu=present:NoSchedule\`; the nearest
        toleration of \`agent\` differs in its \`value\` (line 9), so no Pod is created
        there. Next: compare the toleration's \`value\` with the taint's, or use
        \`operator: Exists\`.

      Goals
        ✓ 1/1 Ready on the worker
        ✗ 0/2 \`agent\` is ready on every GPU node, whatever the value of its taint is
               in "now", at 4 s: gpu-1

      Nodes (now)
        – gpu-1                NotEligible   UntoleratedTaint
        ● w-1                  Running
      "
    `)
    expect(reportText(broken, false)).toMatchInlineSnapshot(`
      "99-small: not there yet, 0 of 3 points

      agent.yaml:9:7  UnknownField
        There is no field \`toleration\` in \`spec.template.spec\`. Was \`tolerations\`
        meant? Next: rename it; the API server takes no field that it does not know.
        > strict decoding error: unknown field "spec.template.spec.toleration"

      Goals
        · 0/1 Ready on the worker
        · 0/2 \`agent\` is ready on every GPU node, whatever the value of its taint is

      Nodes (now)
        ✕ gpu-1                Refused       UnknownField
        ✕ w-1                  Refused       UnknownField
      "
    `)
  })
  it('no line of the text is wider than 80 columns, Kubernetes’ own words apart', () => {
    for (const line of `${reportText(grade, false)}${reportText(broken, false)}`.split('\n'))
      if (!line.startsWith('  >')) expect(line.length).toBeLessThanOrEqual(80)
  })
  it('colour is escape sequences around marks and nothing else', () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is looked for.
    expect(reportText(grade, true).replace(/\u001b\[\d+m/g, '')).toBe(reportText(grade, false))
  })
  it('JUnit', () =>
    expect(reportJUnit([grade])).toMatchInlineSnapshot(`
    "<?xml version="1.0" encoding="UTF-8"?>
    <testsuites>
      <testsuite name="99-small" tests="2" failures="1" errors="0" skipped="0">
        <testcase classname="99-small.workers" name="now" time="0"/>
        <testcase classname="99-small.gpu" name="now" time="0">
          <failure message="\`agent\` is ready on every GPU node, whatever the value of its taint is">\`agent\` is ready on every GPU node, whatever the value of its taint is: not on gpu-1
    agent.yaml:9: UntoleratedTaint: \`gpu-1\` has the taint \`nvidia.com/gpu=present:NoSchedule\`; the nearest toleration of \`agent\` differs in its \`value\` (line 9), so no Pod is created there. Next: compare the toleration's \`value\` with the taint's, or use \`operator: Exists\`.</failure>
        </testcase>
      </testsuite>
    </testsuites>
    "
  `))
  it('Markdown', () =>
    expect(reportMarkdown([grade])).toMatchInlineSnapshot(`
    "## ❌ 99-small: 1 of 3 points

    - \`agent.yaml:9\` **UntoleratedTaint**: \`gpu-1\` has the taint \`nvidia.com/gpu=present:NoSchedule\`; the nearest toleration of \`agent\` differs in its \`value\` (line 9), so no Pod is created there. Next: compare the toleration's \`value\` with the taint's, or use \`operator: Exists\`.

    | goal | points | broke in |
    |---|---|---|
    | Ready on the worker | 1/1 |  |
    | \`agent\` is ready on every GPU node, whatever the value of its taint is | 0/2 | now (4 s, gpu-1) |

    <details><summary>Every node</summary>

    | node | verdict | why |
    |---|---|---|
    | gpu-1 | NotEligible | \`gpu-1\` has the taint \`nvidia.com/gpu=present:NoSchedule\`; the nearest toleration of \`agent\` differs in its \`value\` (line 9), so no Pod is created there. Next: compare the toleration's \`value\` with the taint's, or use \`operator: Exists\`. |
    | w-1 | Running |  |

    </details>
    "
  `))
  it('GitHub', () =>
    expect(reportGitHub([grade])).toMatchInlineSnapshot(`
    "::error file=agent.yaml,line=9,col=21,title=UntoleratedTaint::\`gpu-1\` has the taint \`nvidia.com/gpu=present:NoSchedule\`; the nearest toleration of \`agent\` differs in its \`value\` (line 9), so no Pod is created there. Next: compare the toleration's \`value\` with the taint's, or use \`operator: Exists\`.
    99-small: not passed, 1 of 3 points
    "
  `))
  it('SARIF', () =>
    expect(reportSarif([grade])).toMatchInlineSnapshot(`
    "{
      "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
      "version": "2.1.0",
      "runs": [
        {
          "tool": {
            "driver": {
              "name": "nodewise",
              "informationUri": "https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/",
              "rules": [
                {
                  "id": "UntoleratedTaint"
                }
              ]
            }
          },
          "results": [
            {
              "ruleId": "UntoleratedTaint",
              "level": "error",
              "message": {
                "text": "\`gpu-1\` has the taint \`nvidia.com/gpu=present:NoSchedule\`; the nearest toleration of \`agent\` differs in its \`value\` (line 9), so no Pod is created there. Next: compare the toleration's \`value\` with the taint's, or use \`operator: Exists\`."
              },
              "locations": [
                {
                  "physicalLocation": {
                    "artifactLocation": {
                      "uri": "agent.yaml"
                    },
                    "region": {
                      "startLine": 9,
                      "startColumn": 21
                    }
                  }
                }
              ]
            }
          ]
        }
      ]
    }
    "
  `))
})
