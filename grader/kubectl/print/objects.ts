/** `-o json|yaml|name|jsonpath=…|custom-columns=…|go-template=…`. Upstream: cli-runtime/pkg/genericclioptions/print_flags.go. */
import type { JsonObject } from '../../api/meta.ts'
import type { Resource } from '../../api/resource-table.ts'
import type { Invocation, Session } from '../command.ts'
import { fail, failUnsupported } from '../failure.ts'
import { isObject } from '../manifest-input.ts'
import { kindNameOf } from '../resource-argument.ts'
import { printCustomColumns } from './custom-columns.ts'
import { formatJsonIndented, sortKeys } from './json.ts'
import { evaluateJsonPath, printJsonPath } from './jsonpath.ts'
import { formatYaml } from './yaml.ts'

export interface Printed {
  readonly resource: Resource
  readonly object: JsonObject
}

interface PrintOptions {
  /** One object is printed as itself, several as a List. */
  readonly single: boolean
  /** Several documents instead of a List: what create and apply print. */
  readonly separate?: boolean
}

const FORMATS =
  'custom-columns,custom-columns-file,go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,name,template,templatefile,wide,yaml'

/** The format and what stands behind its `=`. */
export function splitFormat(output: string): { readonly format: string; readonly argument: string | undefined } {
  const equals = output.indexOf('=')
  return equals < 0
    ? { format: output, argument: undefined }
    : { format: output.slice(0, equals), argument: output.slice(equals + 1) }
}

/** Prints the objects in the format that `-o` names; fails for one that does not exist. */
export function printObjects(
  session: Session,
  invocation: Invocation,
  items: readonly Printed[],
  options: PrintOptions,
): void {
  const { format, argument } = splitFormat(invocation.flags.string('output'))
  const shown = items.map((item) => ({
    ...item,
    object: invocation.flags.bool('show-managed-fields') ? item.object : withoutManagedFields(item.object),
  }))
  const whole = (): JsonObject => (options.single && shown.length === 1 ? shown[0]!.object : listOf(shown))
  switch (format) {
    case 'json':
      session.out(`${formatJsonIndented(whole())}\n`)
      return
    case 'yaml':
      session.out(formatYaml(whole()))
      return
    case 'name':
      session.out(shown.map(({ resource, object }) => `${kindNameOf(resource)}/${nameOf(object)}\n`).join(''))
      return
    case 'jsonpath':
    case 'jsonpath-as-json':
    case 'jsonpath-file':
      printPath(session, invocation, { format, argument, value: whole() })
      return
    case 'custom-columns':
    case 'custom-columns-file':
      printCustomColumns(session, invocation, { format, argument, objects: shown.map((item) => item.object) })
      return
    case 'go-template':
    case 'go-template-file':
    case 'template':
    case 'templatefile':
      failUnsupported(`the output format ${format} (jsonpath and custom-columns are there)`)
      return
    default:
      fail(
        `unable to match a printer suitable for the output format ${JSON.stringify(format)}, allowed formats are: ${FORMATS}`,
      )
  }
}

interface PathRequest {
  readonly format: string
  readonly argument: string | undefined
  readonly value: JsonObject
}

function printPath(session: Session, invocation: Invocation, { format, argument, value }: PathRequest): void {
  let template = argument ?? invocation.flags.string('template')
  if (format === 'jsonpath-file') {
    if (template === '') fail('template format specified but no template given')
    template =
      session.files.read(template) ??
      fail(`error reading --template ${template}, open ${template}: no such file or directory\n`)
  }
  if (template === '') fail('template format specified but no template given')
  const allowMissing = invocation.flags.bool('allow-missing-template-keys')
  if (format === 'jsonpath-as-json') {
    const found = evaluateJsonPath(template, value, allowMissing)
    session.out(`${JSON.stringify(found.flat().map(sortKeys), null, 4)}\n`)
    return
  }
  session.out(printJsonPath(template, value, allowMissing))
}

function listOf(items: readonly Printed[]): JsonObject {
  return { apiVersion: 'v1', items: items.map((item) => item.object), kind: 'List', metadata: { resourceVersion: '' } }
}

const nameOf = (object: JsonObject): string => (isObject(object.metadata) ? String(object.metadata.name ?? '') : '')

/** Upstream: OmitManagedFieldsPrinter. */
export function withoutManagedFields(object: JsonObject): JsonObject {
  if (!isObject(object.metadata) || object.metadata.managedFields === undefined) return object
  const { managedFields: _, ...metadata } = object.metadata
  return { ...object, metadata }
}
