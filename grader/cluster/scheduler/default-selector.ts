// Upstream: pkg/scheduler/framework/plugins/helper/spread.go (DefaultSelector).
import type { Pod } from '../../api/core.ts'
import { type Requirement, type Selector, selectorFromSet, selectorMatches, selectorOf } from '../../api/labels.ts'
import { controllerOf, type StringMap } from '../../api/meta.ts'
import { replicaSets, services } from '../../api/resource-table.ts'
import type { Informers } from '../machinery/informer.ts'

/** The selectors of the Pod's Services and of the ReplicaSet that owns it, together; undefined if there are none. */
export function defaultSelectorOf(pod: Pod, informers: Informers): Selector | undefined {
  const { namespace, labels } = pod.metadata
  if (namespace === undefined) return undefined
  const requirements: Requirement[] = []
  for (const service of informers.of(services).list(namespace)) {
    const selector = service.spec.selector as StringMap | undefined
    if (selector === undefined || Object.keys(selector).length === 0) continue
    const parsed = selectorFromSet(selector)
    if (selectorMatches(parsed, labels)) requirements.push(...parsed.requirements)
  }
  const owner = controllerOf(pod)
  if (owner?.kind === 'ReplicaSet') {
    const parsed = selectorOf(informers.of(replicaSets).get({ namespace, name: owner.name })?.spec.selector)
    if (parsed.ok && parsed.value.nothing !== true) requirements.push(...parsed.value.requirements)
  }
  return requirements.length === 0 ? undefined : { requirements }
}
