// What other graders let pass or failed, each as a lab: goals look at behaviour, in time, on every node.
import { describe, expect, it } from 'vitest'
import { gradeSubmission } from '../../grader/index.ts'
import { agent, gradeText, labOf, manifest, type SmallLab } from './small-lab.ts'

const EVERYWHERE = `{ id: everywhere, title: "Ready on every node", points: 1, over: nodes, require: "readyPods('agent', node).size() == 1" }`
const gpu = (taint: string): SmallLab => ({
  nodes: `[{ name: w-1 }, { name: gpu-1, taints: ['${taint}'] }]`,
  goals: [EVERYWHERE],
})
const GPU = gpu('nvidia.com/gpu=present:NoSchedule')
const tolerations = (list: string) => agent({ spec: `tolerations: ${list}` })

describe('right answers that others failed', () => {
  it.each([
    ['a keyless Exists tolerates every taint', GPU, '[{ operator: Exists }]'],
    ['an empty effect matches every effect', GPU, '[{ key: nvidia.com/gpu, operator: Exists, effect: "" }]'],
    ['no effect matches every effect', GPU, '[{ key: nvidia.com/gpu, operator: Exists }]'],
    [
      'Equal with an empty value matches a taint without one',
      gpu('nvidia.com/gpu:NoSchedule'),
      '[{ key: nvidia.com/gpu, operator: Equal, value: "", effect: NoSchedule }]',
    ],
    ['Equal is the default', GPU, '[{ key: nvidia.com/gpu, value: present }]'],
    [
      'a blanket toleration is harmless where nothing is to be kept out',
      GPU,
      '[{ operator: Exists }, { key: other, operator: Exists }]',
    ],
    ['Exists needs no value', GPU, '[{ key: nvidia.com/gpu, operator: Exists, effect: NoSchedule }]'],
    [
      'more tolerations than needed do no harm',
      GPU,
      '[{ key: node-role.kubernetes.io/master, operator: Exists }, { key: nvidia.com/gpu, operator: Exists }]',
    ],
  ])('%s', (_, lab, list) => {
    expect(gradeText(labOf(lab), tolerations(list)).passed).toBe(true)
  })

  it('an answer by kubectl alone counts like a manifest', () => {
    const lab = labOf({ ...GPU, objects: [agent()] })
    const commands = [
      `kubectl patch daemonset agent --type=merge -p '{"spec":{"template":{"spec":{"tolerations":[{"key":"nvidia.com/gpu","operator":"Exists"}]}}}}'`,
    ]
    expect(gradeSubmission(lab, { files: [], commands }).passed).toBe(true)
  })
})

describe('wrong answers that others let pass', () => {
  it('DESIRED equals AVAILABLE though the toleration is missing', () => {
    const grade = gradeText(labOf(GPU), agent())
    expect(grade.passed).toBe(false)
    expect(grade.goals[0]!.timelines[0]!.nodes).toEqual(['gpu-1'])
    expect(grade.feedback[0]!.code).toBe('UntoleratedTaint')
  })

  it('only the first container is checked', () => {
    const lab = labOf({
      nodes: '[{ name: w-1 }]',
      images: '{ "registry.example/sidecar:1": { ready: never } }',
      goals: [EVERYWHERE],
    })
    const two = agent({
      containers:
        '[{ name: agent, image: registry.example/agent:1 }, { name: sidecar, image: registry.example/sidecar:1 }]',
    })
    expect(gradeText(lab, two).passed).toBe(false)
    expect(gradeText(lab, agent()).passed).toBe(true)
  })

  it('`Ready` is found inside `NotReady`', () => {
    const lab = labOf({
      nodes: '[{ name: w-1 }]',
      timelines: '[{ name: the kubelet stops, steps: [at-submit, settle, stop-kubelet w-1, sleep 120] }]',
      goals: [EVERYWHERE],
    })
    expect(gradeText(lab, agent()).passed).toBe(false)
  })

  it('any priority class will do, though nothing was ever preempted', () => {
    const web =
      'apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec: { nodeName: w-1, containers: [{ name: web, image: registry.example/web:1, resources: { requests: { cpu: 900m } } }] }'
    const low = 'apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: { name: low }\nvalue: -10\n'
    const lab = labOf({ nodes: '[{ name: w-1, cpu: 1 }]', objects: [web, low], goals: [EVERYWHERE] })
    const containers = '[{ name: agent, image: registry.example/agent:1, resources: { requests: { cpu: 500m } } }]'
    expect(gradeText(lab, agent({ spec: 'priorityClassName: low', containers })).passed).toBe(false)
  })

  it('the taint is deleted instead of tolerated, which the task forbids', () => {
    const kept = `{ id: taints, title: "The taints stay", points: 1, over: nodes, where: "node.metadata.name == 'gpu-1'", require: "has(node.spec.taints) && node.spec.taints.exists(t, t.key == 'nvidia.com/gpu')" }`
    const lab = labOf({ ...GPU, goals: [EVERYWHERE, kept] })
    const grade = gradeSubmission(lab, {
      ...manifest(agent()),
      commands: ['kubectl taint nodes gpu-1 nvidia.com/gpu-'],
    })
    expect(grade.goals.map(({ id, status }) => [id, status])).toEqual([
      ['everywhere', 'passed'],
      ['taints', 'failed'],
    ])
    expect(grade.passed).toBe(false)
  })

  it('the name of the object is ignored', () => {
    expect(gradeText(labOf({ nodes: '[{ name: w-1 }]', goals: [EVERYWHERE] }), agent({ name: 'agnet' })).passed).toBe(
      false,
    )
  })

  it('the namespace is ignored', () => {
    const lab = labOf({
      nodes: '[{ name: w-1 }]',
      objects: ['apiVersion: v1\nkind: Namespace\nmetadata: { name: other }\n'],
      goals: [EVERYWHERE],
    })
    expect(gradeText(lab, agent({ namespace: 'other' })).passed).toBe(false)
  })

  it('the right toleration with the wrong effect', () => {
    const grade = gradeText(labOf(GPU), tolerations('[{ key: nvidia.com/gpu, operator: Exists, effect: NoExecute }]'))
    expect(grade.passed).toBe(false)
    expect(grade.feedback[0]!.message).toContain('`effect`')
  })

  it('work left over from an earlier try is graded again', () => {
    const lab = labOf(GPU)
    expect(gradeText(lab, tolerations('[{ operator: Exists }]')).passed).toBe(true)
    expect(gradeText(lab, agent()).passed).toBe(false)
    expect(gradeSubmission(lab, { files: [] }).points.earned).toBe(0)
  })

  it('nothing done', () => {
    const grade = gradeSubmission(labOf(GPU), { files: [] })
    expect([grade.passed, grade.points]).toEqual([false, { earned: 0, possible: 1 }])
  })

  it('Pods that are counted once, at a lucky moment', () => {
    const always = `{ id: covered, title: "At most one node is uncovered during the update", points: 1, require: "unavailable('agent', nodes) <= 1", when: always }`
    const lab = labOf({
      nodes: '[{ name: "w-{1..4}" }]',
      timelines:
        '[{ name: an update, steps: [at-submit, settle, sleep 30, from-here, kubectl set image daemonset/agent agent=registry.example/agent:2, sleep 120, settle] }]',
      goals: [EVERYWHERE, always],
    })
    expect(
      gradeText(lab, agent({ ds: 'updateStrategy: { rollingUpdate: { maxUnavailable: 50% } }' })).goals.map(
        ({ status }) => status,
      ),
    ).toEqual(['passed', 'failed'])
    expect(gradeText(lab, agent()).passed).toBe(true)
  })

  it('a text that only looks right', () => {
    expect(gradeText(labOf(GPU), `# tolerations: nvidia.com/gpu Exists\n${agent()}`).passed).toBe(false)
  })

  it('a Deployment with as many replicas as there are nodes', () => {
    const deployment = agent({ kind: 'Deployment', ds: 'replicas: 2' })
    expect(gradeText(labOf({ nodes: '[{ name: w-1 }, { name: w-2 }]', goals: [EVERYWHERE] }), deployment).passed).toBe(
      false,
    )
  })
})

describe('the same input', () => {
  it('gives the same grade, bit for bit', () => {
    const lab = labOf(GPU)
    expect(JSON.stringify(gradeText(lab, agent()))).toBe(JSON.stringify(gradeText(lab, agent())))
  })
  it('with another seed gives another trace and the same verdicts', () => {
    const lab = labOf(GPU)
    const [one, two] = [1, 2].map((seed) => gradeSubmission(lab, manifest(agent()), { seed }))
    expect(one!.nodes).toEqual(two!.nodes)
    expect(one!.goals).toEqual(two!.goals)
  })
})
