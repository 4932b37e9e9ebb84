import { describe, expect, it } from 'vitest'
import { routeOf } from '../../grader/http/routes.ts'

function text(path: string): string {
  const route = routeOf(path)
  if (route.type !== 'resource') return route.type
  return [route.resource.plural, route.namespace ?? '-', route.name ?? '-', route.subresource ?? '-'].join(' ')
}

describe('paths of the Kubernetes API', () => {
  it.each([
    ['/api', 'versions'],
    ['/api/', 'versions'],
    ['/apis', 'groups'],
    ['/apis/apps', 'group'],
    ['/api/v1', 'resources'],
    ['/apis/apps/v1', 'resources'],
    ['/api/v1/nodes', 'nodes - - -'],
    ['/api/v1/nodes/w-1/status', 'nodes - w-1 status'],
    ['/api/v1/pods', 'pods - - -'],
    ['/api/v1/namespaces/default/pods', 'pods default - -'],
    ['/api/v1/namespaces/default/pods/a/log', 'pods default a log'],
    ['/api/v1/namespaces', 'namespaces - - -'],
    ['/api/v1/namespaces/default', 'namespaces - default -'],
    ['/api/v1/namespaces/default/status', 'namespaces - default status'],
    ['/api/v1/namespaces/default/finalize', 'namespaces - default finalize'],
    ['/apis/apps/v1/namespaces/monitoring/daemonsets/agent', 'daemonsets monitoring agent -'],
    ['/apis/apps/v1/namespaces/a%2Db/daemonsets/agent/status', 'daemonsets a-b agent status'],
  ])('%s is %s', (path, expected) => expect(text(path)).toBe(expected))

  it.each([
    ['another version', '/apis/apps/v1beta1/daemonsets'],
    ['an unknown group', '/apis/example.com'],
    ['an unknown resource', '/api/v1/nopes'],
    ['a resource of another group', '/api/v1/daemonsets'],
    ['a namespaced object without a namespace', '/api/v1/pods/a'],
    ['a cluster-scoped kind in a namespace', '/api/v1/namespaces/default/nodes'],
    ['a subresource that the kind does not have', '/apis/apps/v1/namespaces/a/daemonsets/b/scale'],
    ['more segments than there are', '/api/v1/nodes/a/status/x'],
    ['an empty name', '/api/v1/namespaces/default//pods'],
    ['a broken escape', '/api/v1/nodes/%zz'],
    ['something else altogether', '/metrics'],
  ])('%s is not served: %s', (_, path) => expect(text(path)).toBe('unknown'))
})
