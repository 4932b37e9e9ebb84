import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../grader/api/meta.ts'
import { definitionsBehind, openApiSchema } from '../../../grader/api/schema/openapi.ts'
import { compactDefinitions } from '../../../grader/api/schema/schema.ts'

const folder = path.join(import.meta.dirname, '../../../../shared/reference/openapi-v1.35')
const there = fs.existsSync(folder)
if (!there)
  console.info('shared/reference is not here: the tables are not compared with the documents they were made from')

describe.runIf(there)('the tables hold all that the API server tells of its types', () => {
  const files = there ? fs.readdirSync(folder).filter((file) => /^apis?-.*json$/.test(file)) : []
  it.each(files)('%s', (file) => {
    const document = JSON.parse(fs.readFileSync(path.join(folder, file), 'utf8')) as {
      components: { schemas: Record<string, JsonObject> }
    }
    let compared = 0
    for (const [name, { 'x-kubernetes-group-version-kind': _, ...schema }] of Object.entries(
      document.components.schemas,
    )) {
      const ours = openApiSchema(name)
      if (ours === undefined) continue
      const { 'x-kubernetes-group-version-kind': __, ...mine } = ours
      expect(mine).toEqual(schema)
      compared++
    }
    expect(compared).toBeGreaterThan(0)
  })
})

it('a kind says its group, version and kind', () => {
  expect(openApiSchema('io.k8s.api.apps.v1.DaemonSet')).toMatchObject({
    'x-kubernetes-group-version-kind': [{ group: 'apps', version: 'v1', kind: 'DaemonSet' }],
  })
  expect(openApiSchema('io.k8s.api.apps.v1.Nope')).toBeUndefined()
})

it('a document is complete with what its kinds are made of', () => {
  const names = definitionsBehind(['io.k8s.api.apps.v1.DaemonSet'])
  expect(names).toContain('io.k8s.api.core.v1.Toleration')
  expect(names).not.toContain('io.k8s.api.apps.v1.Deployment')
  for (const name of names) expect(compactDefinitions()[name]).toBeDefined()
})
