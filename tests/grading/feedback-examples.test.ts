// Ten texts that a nervous learner may read, each with the submission that causes it: docs/feedback-examples.md.
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { readFolder } from '../../grader/cli/lab-folders.ts'
import { type Grade, loadLab } from '../../grader/index.ts'
import { agent, gradeText, labOf } from './small-lab.ts'

const folder = 'labs/04-tainted-gpu-and-control-plane'
const { lab: flagship } = loadLab(readFolder(folder))
const EVERYWHERE = `{ id: everywhere, title: "Ready on every node", points: 1, over: nodes, require: "readyPods('agent', node).size() == 1" }`
const small = (nodes: string, images = '{}', objects: readonly string[] = []) =>
  labOf({ nodes, images, objects, goals: [EVERYWHERE] })
const quota = 'apiVersion: v1\nkind: ResourceQuota\nmetadata: { name: team }\nspec: { hard: { pods: "1" } }\n'
const wrong = (name: string) => {
  const text = readFileSync(`${folder}/wrong/${name}.yaml`, 'utf8')
  return { text, grade: gradeText(flagship!, text) }
}
const one = (lab: Parameters<typeof gradeText>[0], text: string) => ({ text, grade: gradeText(lab, text) })

const EXAMPLES: readonly (readonly [string, { readonly text: string; readonly grade: Grade }])[] = [
  ['The value of the toleration fits the nodes of today only', wrong('02-gpu-value-pinned')],
  ['A toleration of everything', wrong('03-blanket')],
  ['The right toleration with the wrong effect', wrong('06-wrong-effect')],
  ['A tab', wrong('18-tabs')],
  ['A misspelt field', wrong('12-misspelt-field')],
  ['replicas, from a Deployment', wrong('20-replicas')],
  ['Half of the fleet at a time', wrong('09-half-at-a-time')],
  [
    'More CPU than the node has',
    one(
      small('[{ name: w-1, cpu: 1 }]'),
      agent({ containers: '[{ name: agent, image: registry.example/agent:1, resources: { requests: { cpu: 2 } } }]' }),
    ),
  ],
  ['A quota in the way', one(small('[{ name: w-1 }, { name: w-2 }]', '{}', [quota]), agent())],
  [
    'An image that does not exist',
    one(small('[{ name: w-1 }]'), agent({ containers: '[{ name: agent, image: "registry.example/pull-error:1" }]' })),
  ],
]

function section([title, { text, grade }]: (typeof EXAMPLES)[number]): string {
  const findings = grade.feedback.slice(0, 2).map((item) => {
    const words =
      grade.diagnostics.find(({ code, line }) => code === item.code && line === item.line)?.message ??
      grade.nodes
        .flatMap(({ because }) => because)
        .find(({ code, kubernetes }) => code === item.code && kubernetes !== undefined)?.kubernetes
    return `> **${item.code}**${item.line === undefined ? '' : `, line ${item.line}`}: ${item.message}${words === undefined || words === '' ? '' : `\n>\n> \`${words.replaceAll('`', "'").replaceAll('\n', ' ')}\``}`
  })
  return `## ${title}\n\n\`\`\`yaml\n${text.replace(/^#.*\n/, '').trimEnd()}\n\`\`\`\n\n${findings.join('\n\n')}\n`
}

it('ten feedback texts are as the page shows them', async () => {
  const page = `# Ten feedback texts\n\nWhat learners read, with the submission that caused it. Each comes with its lesson; Kubernetes' own words stand below ours.\nThis page is written by \`tests/grading/feedback-examples.test.ts\`.\n\n${EXAMPLES.map(section).join('\n')}`
  for (const [, { grade }] of EXAMPLES) expect(grade.passed).toBe(false)
  await expect(page).toMatchFileSnapshot('../../docs/feedback-examples.md')
})
