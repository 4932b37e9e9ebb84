import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { checkClaim } from '../../grader/index.ts'

const scenario = (expectations: string) => `claim: A worker gets its daemon Pod.
nodes: [{ name: w-1 }]
files:
  agent.yaml: |
    apiVersion: apps/v1
    kind: DaemonSet
    metadata: { name: agent }
    spec:
      selector: { matchLabels: { app: agent } }
      template:
        metadata: { labels: { app: agent } }
        spec: { containers: [{ name: agent, image: registry.example/agent:1 }] }
steps: [kubectl apply -f agent.yaml, settle]
expect: ${expectations}
`

describe('a claim', () => {
  it('holds when every expression is true at the end', () => {
    expect(checkClaim(scenario(`["hasPod('agent', 'w-1')"]`))).toEqual({
      claim: 'A worker gets its daemon Pod.',
      holds: true,
      broken: [],
      errors: [],
    })
  })
  it('names the expression that is not true, with its value', () => {
    expect(checkClaim(scenario(`["hasPod('agent', 'w-1')", "runningOn('agent').size() == 2"]`)).broken).toEqual([
      "runningOn('agent').size() == 2: false",
    ])
  })
  it.each([
    ['an expression that is not CEL', `["hasPod('agent', "]`, 'expect.0'],
    ['a function that does not exist', `["podsOn('w-1') == 1"]`, 'expect.0'],
    ['no expression at all', '[]', 'expect'],
  ])('finds the author’s mistake: %s', (_, expectations, path) => {
    const report = checkClaim(scenario(expectations))
    expect([report.holds, report.errors.map((error) => error.path)]).toEqual([false, [path]])
  })
})

describe('claims of the lessons', () => {
  for (const lesson of readdirSync('content/lessons')) {
    it(`every claim of ${lesson} holds`, () => {
      const folder = `content/lessons/${lesson}/claims`
      const broken = readdirSync(folder)
        .map((file) => ({ file, ...checkClaim(readFileSync(`${folder}/${file}`, 'utf8')) }))
        .filter((report) => !report.holds)
      expect(broken).toEqual([])
    })
  }
})
