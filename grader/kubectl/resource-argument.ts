/**
 * Finds the resource that a word on the command line means: `ds`, `DaemonSet`, `daemonsets.apps`, `daemonsets.v1.apps`.
 * Upstream: k8s.io/cli-runtime/pkg/resource/builder.go (mappingFor), restmapper shortcut expander.
 */
import { RESOURCES, type Resource } from '../api/resource-table.ts'
import { fail } from './failure.ts'
import { quote } from './go-text.ts'

/** The resource, or undefined: the server does not have it. */
export function findResource(text: string): Resource | undefined {
  const lower = text.toLowerCase()
  const [name = '', ...rest] = lower.split('.')
  const named = RESOURCES.filter((r) => r.plural === name || r.singular === name || r.shortNames.includes(name))
  if (rest.length === 0) return named[0]
  const group = rest.join('.')
  const exact = named.find((r) => r.group === group || r.group.startsWith(`${group}.`))
  if (exact !== undefined) return exact
  return named.find((r) => r.version === rest[0] && r.group === rest.slice(1).join('.'))
}

/** The resource; fails in kubectl's words for one that the server does not have. */
export function resourceFor(text: string): Resource {
  return findResource(text) ?? fail(`the server doesn't have a resource type ${quote(text.split('.')[0]!)}`)
}

/** `ds,po,all` as the list of its parts; `all` stands for what has that category. */
export function resourceWords(text: string): readonly string[] {
  return text
    .split(',')
    .flatMap((word) =>
      word === 'all' ? RESOURCES.filter((r) => r.categories.includes('all')).map(fullNameOf) : [word],
    )
}

/** `daemonsets.apps`, or `pods`. */
export function fullNameOf(resource: Resource): string {
  return resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`
}

/** `daemonset.apps`, or `pod`: how kubectl names a thing it did something to. */
export function kindNameOf(resource: Resource): string {
  const kind = resource.kind.toLowerCase()
  return resource.group === '' ? kind : `${kind}.${resource.group}`
}
