/** Where an object keeps its Pod template, and changes to it. Upstream: k8s.io/kubectl/pkg/polymorphichelpers/updatepodspec.go. */
import type { JsonObject } from '../api/meta.ts'
import { fail } from './failure.ts'
import { isObject } from './manifest-input.ts'
import type { Target } from './selection.ts'

const TEMPLATE_PATHS: Readonly<Record<string, readonly string[]>> = {
  DaemonSet: ['spec', 'template'],
  Deployment: ['spec', 'template'],
  ReplicaSet: ['spec', 'template'],
  Job: ['spec', 'template'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
  Pod: [],
}

/** The path to the object's Pod template (for a Pod: itself), or undefined if it has none. */
export function templatePathOf({ resource }: Target): readonly string[] | undefined {
  return Object.hasOwn(TEMPLATE_PATHS, resource.kind) ? TEMPLATE_PATHS[resource.kind] : undefined
}

/** The object with its Pod spec changed; fails for a kind without one. */
export function withPodSpec(target: Target, change: (spec: JsonObject) => JsonObject): JsonObject {
  const path = templatePathOf(target)
  if (path === undefined)
    return fail(`the object is not a pod or does not have a pod template: ${target.resource.kind}`)
  return changeAt(target.object, [...path, 'spec'], change)
}

/** The object with the map at the path replaced; parts that are missing are made. */
export function changeAt(
  object: JsonObject,
  [first, ...rest]: readonly string[],
  change: (value: JsonObject) => JsonObject,
): JsonObject {
  if (first === undefined) return change(object)
  const inner = object[first]
  return { ...object, [first]: changeAt(isObject(inner) ? inner : {}, rest, change) }
}

/** The value at a path of field names, or undefined. */
export function valueAt(object: JsonObject, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, name) => (isObject(value) ? value[name] : undefined), object)
}
