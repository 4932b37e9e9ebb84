import { describe, expect, it } from 'vitest'
import type { Pod } from '../../../grader/api/core.ts'
import { pods } from '../../../grader/api/resource-table.ts'
import { apiServer, podNamed, status, value } from '../../support/api-server.ts'

describe('Pods that a controller makes from one template', () => {
  const template = podNamed('x').spec
  const labels = { app: 'agent' }
  const like = (rest: object, metadata: object = {}): Pod =>
    ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { generateName: 'agent-', namespace: 'default', labels, ...metadata },
      spec: { ...template, ...rest },
    }) as unknown as Pod

  it('are judged again when anything but the Node differs', () => {
    const { component } = apiServer()
    value(component.create(pods, like({})))
    value(component.create(pods, like({ nodeName: 'w-1' })))
    expect(status(component.create(pods, like({ restartPolicy: 'Sometimes' }))).message).toContain(
      'spec.restartPolicy: Unsupported value: "Sometimes"',
    )
    expect(status(component.create(pods, like({}, { labels: { 'a b': 'c' } }))).message).toContain(
      'metadata.labels: Invalid value: "a b"',
    )
    expect(
      status(component.create(pods, like({ hostNetwork: true, containers: [{ ...template.containers[0], name: '' }] })))
        .message,
    ).toContain('spec.containers[0].name: Required value')
  })
})
