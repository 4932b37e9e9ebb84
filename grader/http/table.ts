/** metav1.Table and PartialObjectMetadata as JSON. Upstream: apiserver/pkg/endpoints/handlers/response.go. */
import type { JsonObject, KubeObject } from '../api/meta.ts'
import { type TableRow, tableOf } from '../api/printers/table.ts'
import type { AnswerContext } from './answer.ts'

type TableContext = Pick<AnswerContext, 'representation' | 'resource' | 'now' | 'includeObject'>

const versionOf = ({ representation }: TableContext): string =>
  'version' in representation ? representation.version : 'v1'

/** A Table of the objects. Watches leave out the columns after the first event. */
export function tableJson(
  objects: readonly KubeObject[],
  metadata: JsonObject,
  context: TableContext,
  withColumns = true,
): object {
  const table = tableOf(context.resource, objects, context.now)
  return {
    kind: 'Table',
    apiVersion: `meta.k8s.io/${versionOf(context)}`,
    metadata,
    columnDefinitions: withColumns ? table.columnDefinitions : null,
    rows: table.rows.map((row) => ({
      cells: row.cells,
      ...(row.conditions === undefined ? {} : { conditions: row.conditions }),
      object: rowObject(row, context),
    })),
  }
}

function rowObject({ object }: TableRow, context: TableContext): object | null {
  if (context.includeObject === 'None') return null
  return context.includeObject === 'Object' ? object : partialOf(object, versionOf(context))
}

/** The object's metadata alone. */
export function partialOf(object: KubeObject, version: string): object {
  return { kind: 'PartialObjectMetadata', apiVersion: `meta.k8s.io/${version}`, metadata: object.metadata }
}
