/**
 * What a printer is: the columns of a kind and the cells of one object, as the API server puts them into a metav1.Table.
 * Upstream: pkg/printers/internalversion/printers.go, k8s.io/apimachinery/pkg/apis/meta/v1 (Table).
 */
import type { Container } from '../core.ts'
import { formatAge } from '../human-duration.ts'
import type { KubeObject } from '../meta.ts'

export interface TableColumn {
  readonly name: string
  readonly type: 'string' | 'integer' | 'boolean' | 'date'
  readonly format: string
  readonly description: string
  /** 0 is always shown, 1 only with `-o wide`. */
  readonly priority: number
}

export type TableCell = string | number | boolean

export interface TableRowCondition {
  readonly type: 'Completed'
  readonly status: 'True'
  readonly reason: string
  readonly message: string
}

export interface Printer<T extends KubeObject> {
  readonly columns: readonly TableColumn[]
  /** One cell per column, wide ones included. `now` in milliseconds since the epoch. */
  cells(object: T, now: number): readonly TableCell[]
  /** Marks rows whose object has come to its end, which `kubectl get pods` of old could hide. */
  conditions?(object: T): readonly TableRowCondition[] | undefined
}

interface ColumnOptions {
  readonly type?: TableColumn['type']
  readonly wide?: true
  readonly format?: string
  readonly description?: string
}

export function column(name: string, options: ColumnOptions = {}): TableColumn {
  return {
    name,
    type: options.type ?? 'string',
    format: options.format ?? '',
    description: options.description ?? '',
    priority: options.wide === true ? 1 : 0,
  }
}

export const NAME = column('Name', {
  format: 'name',
  description:
    'Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names',
})

export const AGE = column('Age', {
  description:
    'CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata',
})

export const CONTAINERS = column('Containers', { wide: true, description: 'Names of each container in the template.' })
export const IMAGES = column('Images', {
  wide: true,
  description: 'Images referenced by each container in the template.',
})

export const ageOf = (object: KubeObject, now: number): string => formatAge(object.metadata.creationTimestamp, now)

/** Names and images of the containers, joined by commas; init containers are not shown. */
export function containerCells(containers: readonly Container[] | undefined): readonly [string, string] {
  const all = containers ?? []
  return [all.map((c) => c.name).join(','), all.map((c) => c.image ?? '').join(',')]
}

/** The text, or what stands in for an empty one. */
export const orElse = (text: string | undefined, instead: string): string =>
  text === undefined || text === '' ? instead : text
