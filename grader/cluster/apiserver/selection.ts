// Which objects a list or watch is about: namespace, label selector, field selector.
import type { ListOptions } from '../../api/api-client.ts'
import { type ApiStatus, badRequestStatus } from '../../api/api-status.ts'
import { compareStrings } from '../../api/compare.ts'
import { type Selector, selectorMatches } from '../../api/labels.ts'
import { type KubeObject, keyOf } from '../../api/meta.ts'
import type { Resource } from '../../api/resource-table.ts'
import { parseSelector } from '../../api/selector-parser.ts'
import { type FieldRequirement, fieldsMatch, parseFieldSelector } from './field-selectors.ts'
import type { Store } from './store.ts'

export interface Selection {
  readonly namespace: string | undefined
  readonly labels: Selector | undefined
  readonly fields: readonly FieldRequirement[]
}

const NO_FIELDS: readonly FieldRequirement[] = []

/** Reads the selectors of a request; the status is the server's 400. */
export function parseSelection(resource: Resource, options: ListOptions): Selection | ApiStatus {
  const { labelSelector = '', fieldSelector = '', namespace } = options
  const parsed = labelSelector === '' ? undefined : parseSelector(labelSelector)
  if (parsed?.ok === false) return badRequestStatus(parsed.error)
  const fields = fieldSelector === '' ? undefined : parseFieldSelector(resource, fieldSelector)
  if (fields?.ok === false) return badRequestStatus(fields.error)
  return {
    namespace: resource.namespaced ? namespace : undefined,
    labels: parsed?.value,
    fields: fields?.requirements ?? NO_FIELDS,
  }
}

export function isStatus(value: Selection | ApiStatus): value is ApiStatus {
  return 'code' in value
}

export function isSelected({ namespace, labels, fields }: Selection, object: KubeObject): boolean {
  if (namespace !== undefined && object.metadata.namespace !== namespace) return false
  if (labels !== undefined && !selectorMatches(labels, object.metadata.labels)) return false
  return fields.length === 0 || fieldsMatch(fields, object)
}

/** The selected objects in key order. Names and a Pod's Node are looked up, not searched for. */
export function selectFrom(store: Store, resource: Resource, selection: Selection): readonly KubeObject[] {
  const { labels, fields } = selection
  if (labels === undefined && fields.length === 0) return store.list(resource, selection.namespace)
  return candidates(store, resource, selection).filter((object) => isSelected(selection, object))
}

function candidates(store: Store, resource: Resource, { namespace, fields }: Selection): readonly KubeObject[] {
  const named = fields.find(({ field, equals }) => field === 'metadata.name' && equals)
  if (named !== undefined && (namespace !== undefined || !resource.namespaced)) {
    const found = store.get(resource, { name: named.value, ...(namespace === undefined ? {} : { namespace }) })
    return found === undefined ? [] : [found]
  }
  const node =
    resource.plural === 'pods' ? fields.find(({ field, equals }) => field === 'spec.nodeName' && equals) : undefined
  if (node !== undefined && node.value !== '') {
    return [...store.podsOnNode(node.value).values()].sort((a, b) => compareStrings(keyOf(a), keyOf(b)))
  }
  return store.list(resource, namespace)
}
