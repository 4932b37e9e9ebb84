// Field selectors: which fields each kind offers, parsing, matching. Upstream: apimachinery/pkg/fields/selector.go and the
// AddFieldLabelConversionFunc and SelectableFields functions of each kind.

import type { ReplicaSet } from '../../api/apps.ts'
import type { Job } from '../../api/batch.ts'
import type { Event, Namespace, Node, Pod, Secret } from '../../api/core.ts'
import type { JsonObject, KubeObject } from '../../api/meta.ts'
import type { Resource } from '../../api/resource-table.ts'

type Getter = (object: KubeObject) => string

export interface FieldRequirement {
  readonly field: string
  readonly equals: boolean
  readonly value: string
  readonly get: Getter
}

export type ParsedFieldSelector =
  | { readonly ok: true; readonly requirements: readonly FieldRequirement[] }
  | { readonly ok: false; readonly error: string }

interface Selectable {
  readonly fields: Readonly<Record<string, Getter>>
  readonly unknown: (label: string) => string
}

const META: Readonly<Record<string, Getter>> = {
  'metadata.name': (object) => object.metadata.name,
  'metadata.namespace': (object) => object.metadata.namespace ?? '',
}

const notSupported = (label: string): string => `field label not supported: ${label}`
const onlyMeta = (label: string): string =>
  `${JSON.stringify(label)} is not a known field selector: only "metadata.name", "metadata.namespace"`

const pod =
  (get: (pod: Pod) => string | undefined): Getter =>
  (object) =>
    get(object as Pod) ?? ''
const involved =
  (field: keyof Event['involvedObject']): Getter =>
  (object) =>
    (object as Event).involvedObject[field] ?? ''
const text = (value: unknown): string => (typeof value === 'string' ? value : '')

const SELECTABLE: Readonly<Record<string, Selectable>> = {
  pods: {
    fields: {
      ...META,
      'spec.nodeName': pod(({ spec }) => spec.nodeName),
      'spec.restartPolicy': pod(({ spec }) => spec.restartPolicy),
      'spec.schedulerName': pod(({ spec }) => spec.schedulerName),
      'spec.serviceAccountName': pod(({ spec }) => spec.serviceAccountName),
      'spec.hostNetwork': pod(({ spec }) => String(spec.hostNetwork === true)),
      'status.phase': pod(({ status }) => status.phase),
      'status.podIP': pod(({ status }) => status.podIP),
      'status.podIPs': pod(({ status }) => status.podIPs?.map(({ ip }) => ip).join(',')),
      'status.nominatedNodeName': pod(({ status }) => status.nominatedNodeName),
      'spec.host': pod(({ spec }) => spec.nodeName),
    },
    unknown: notSupported,
  },
  nodes: {
    fields: {
      'metadata.name': META['metadata.name']!,
      'spec.unschedulable': (object) => String((object as Node).spec?.unschedulable === true),
    },
    unknown: notSupported,
  },
  namespaces: {
    fields: {
      'metadata.name': META['metadata.name']!,
      name: META['metadata.name']!,
      'status.phase': (object) => (object as Namespace).status?.phase ?? '',
    },
    unknown: notSupported,
  },
  events: {
    fields: {
      ...META,
      'involvedObject.kind': involved('kind'),
      'involvedObject.namespace': involved('namespace'),
      'involvedObject.name': involved('name'),
      'involvedObject.uid': involved('uid'),
      'involvedObject.apiVersion': involved('apiVersion'),
      'involvedObject.resourceVersion': involved('resourceVersion'),
      'involvedObject.fieldPath': involved('fieldPath'),
      reason: (object) => (object as Event).reason ?? '',
      reportingComponent: (object) => (object as Event).reportingComponent ?? '',
      source: (object) => (object as Event).source?.component ?? (object as Event).reportingComponent ?? '',
      type: (object) => (object as Event).type ?? '',
    },
    unknown: notSupported,
  },
  secrets: { fields: { ...META, type: (object) => (object as Secret).type ?? '' }, unknown: notSupported },
  services: {
    fields: {
      ...META,
      'spec.clusterIP': (object) => text((object as unknown as { spec?: JsonObject }).spec?.clusterIP),
      'spec.type': (object) => text((object as unknown as { spec?: JsonObject }).spec?.type),
    },
    unknown: notSupported,
  },
  jobs: {
    fields: { ...META, 'status.successful': (object) => String((object as Job).status?.succeeded ?? 0) },
    unknown: (label) => `field label ${JSON.stringify(label)} not supported for batchv1.Job`,
  },
  replicasets: {
    fields: { ...META, 'status.replicas': (object) => String((object as ReplicaSet).status?.replicas ?? 0) },
    unknown: (label) => `field label not supported for appsv1.ReplicaSet: ${label}`,
  },
}

const DEFAULT: Selectable = { fields: META, unknown: onlyMeta }
const CLUSTER_SCOPED: Selectable = {
  fields: { 'metadata.name': META['metadata.name']!, 'metadata.namespace': () => '' },
  unknown: onlyMeta,
}

/** Splits at commas that no backslash escapes. */
function termsOf(selector: string): string[] {
  const terms: string[] = []
  let term = ''
  for (let i = 0; i < selector.length; i++) {
    if (selector[i] === '\\' && i + 1 < selector.length) term += selector[i]! + selector[++i]!
    else if (selector[i] === ',') {
      terms.push(term)
      term = ''
    } else term += selector[i]!
  }
  terms.push(term)
  return terms
}

const withoutEscapes = (value: string): string => value.replace(/\\([\\,=])/g, '$1')

/** Reads a field selector of a kind; fails with the server's 400 text. */
export function parseFieldSelector(resource: Resource, selector: string): ParsedFieldSelector {
  const { fields, unknown } = SELECTABLE[resource.plural] ?? (resource.namespaced ? DEFAULT : CLUSTER_SCOPED)
  const requirements: FieldRequirement[] = []
  for (const term of termsOf(selector)) {
    if (term === '') continue
    const match = /^((?:[^\\=!]|\\.)*?)(!=|==|=)(.*)$/.exec(term)
    if (match === null) return { ok: false, error: `invalid selector: '${selector}'; can't understand '${term}'` }
    const field = match[1]!
    const get = Object.hasOwn(fields, field) ? fields[field] : undefined
    if (get === undefined) return { ok: false, error: unknown(field) }
    requirements.push({ field, equals: match[2] !== '!=', value: withoutEscapes(match[3]!), get })
  }
  return { ok: true, requirements }
}

export function fieldsMatch(requirements: readonly FieldRequirement[], object: KubeObject): boolean {
  return requirements.every(({ get, equals, value }) => (get(object) === value) === equals)
}
