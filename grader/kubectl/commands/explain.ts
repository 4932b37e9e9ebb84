/** kubectl explain. Upstream: k8s.io/kubectl/pkg/explain/v2 (templates/plaintext.tmpl, funcs.go, typeName). */
import { compareStrings } from '../../api/compare.ts'
import { apiVersionOf } from '../../api/resource-table.ts'
import { describeDefinition, describeField } from '../../api/schema/descriptions.ts'
import { type CompactSchema, compactDefinitions, definitionOf } from '../../api/schema/schema.ts'
import type { Command, Invocation, Session } from '../command.ts'
import { fail, failBare } from '../failure.ts'
import { flag } from '../flags.ts'
import { quote } from '../go-text.ts'
import { findResource } from '../resource-argument.ts'

export const explain: Command = {
  name: 'explain',
  summary: 'Get documentation for a resource',
  usage: 'TYPE [--recursive=FALSE|TRUE] [--api-version=api-version-group] [-o|--output=plaintext|plaintext-openapiv2]',
  flags: [
    flag('api-version', 'string', 'Use given api-version (group/version) of the resource.'),
    flag(
      'output',
      'string',
      'Format in which to render the schema. Valid values are: (plaintext, plaintext-openapiv2).',
      { short: 'o', default: 'plaintext' },
    ),
    flag(
      'recursive',
      'bool',
      'When true, print the name of all the fields recursively. Otherwise, print the available fields with their description.',
    ),
  ],
  run: runExplain,
}

/** A field on the way down: whose it is, its schema, and the text that says what it is. */
interface Step {
  readonly schema: CompactSchema
  readonly text: string
  readonly name: string | undefined
}

function runExplain(session: Session, { args, flags }: Invocation): void {
  const [what, ...more] = args
  if (what === undefined) {
    fail(
      'You must specify the type of resource to explain. Use "kubectl api-resources" for a complete list of supported resources.',
    )
  }
  if (more.length > 0) fail('We accept only this format: explain RESOURCE')
  const { type, path } = splitPath(what)
  const resource = findResource(type)
  if (resource === undefined) {
    failBare(`the server doesn't have a resource type ${quote(type)}`)
    return
  }
  const wanted = flags.string('api-version')
  if (wanted !== '' && wanted !== apiVersionOf(resource)) {
    fail(`couldn't find resource for ${quote(`${wanted}, Kind=${resource.kind}`)}`)
  }
  const definition = definitionOf(apiVersionOf(resource), resource.kind)
  if (definition === undefined) {
    fail(`couldn't find resource for ${quote(`${apiVersionOf(resource)}, Kind=${resource.kind}`)}`)
    return
  }
  const group = resource.group === '' ? '' : `GROUP:      ${resource.group}\n`
  session.out(`${group}KIND:       ${resource.kind}\nVERSION:    ${resource.version}\n\n`)
  const step = walk(
    { schema: { $: definition.name }, text: `${describeDefinition(definition.name)}\n`, name: undefined },
    path,
  )
  printStep(session, step, flags.bool('recursive'))
}

/** `ds.spec.template`: the type may carry a group, `daemonsets.apps.spec`. */
function splitPath(text: string): { readonly type: string; readonly path: readonly string[] } {
  const [type = '', ...path] = text.split('.').filter((part) => part !== '')
  if (
    path[0] !== undefined &&
    findResource(`${type}.${path[0]}`) !== undefined &&
    findResource(type)?.group.split('.')[0] === path[0]
  ) {
    return { type, path: path.slice(1) }
  }
  return { type, path }
}

function walk(start: Step, path: readonly string[]): Step {
  let step = start
  for (const name of path) {
    const holder = structName(step.schema)
    const field = holder === undefined ? undefined : compactDefinitions()[holder]?.p?.[name]
    if (field === undefined || holder === undefined) return fail(`field ${quote(name)} does not exist`)
    step = { schema: field, text: descriptionOf(holder, name, field), name }
  }
  return step
}

/** The definition whose fields a value of this schema has, lists and maps taken apart. */
function structName(schema: CompactSchema): string | undefined {
  let inner: CompactSchema | undefined = schema
  while (inner !== undefined && inner.$ === undefined) inner = inner.i ?? inner.m
  return inner?.$
}

/** The field's own text and that of what it refers to, a line each. */
function descriptionOf(holder: string, name: string, field: CompactSchema): string {
  const own = describeField(holder, name)
  const ref = field.$ ?? field.i?.$ ?? field.m?.$
  const theirs = ref === undefined ? '' : describeDefinition(ref)
  return [own, theirs]
    .filter((text) => text !== '')
    .map((text) => `${text}\n`)
    .join('')
}

function printStep(session: Session, { schema, text, name }: Step, recursive: boolean): void {
  if (name !== undefined) session.out(`FIELD: ${name} <${typeName(schema)}>\n`)
  if (schema.e !== undefined)
    session.out(`ENUM:\n${schema.e.map((value) => `    ${value === '' ? '""' : value}\n`).join('')}`)
  if (name !== undefined) session.out('\n')
  session.out(`DESCRIPTION:\n${text === '' ? '    <empty>' : indent(wrapWords(text, 76), '    ')}\n`)
  const struct = structName(schema)
  const fields = struct === undefined ? [] : Object.keys(compactDefinitions()[struct]?.p ?? {})
  if (struct === undefined || fields.length === 0) {
    session.out('\n')
    return
  }
  session.out(`FIELDS:\n${recursive ? recursiveFields(struct, 1, []) : fieldList(struct)}\n`)
}

function fieldList(struct: string): string {
  const definition = compactDefinitions()[struct]!
  return Object.keys(definition.p ?? {})
    .sort(compareStrings)
    .map((name) => {
      const field = definition.p![name]!
      const own = describeField(struct, name) || (field.$ === undefined ? '' : describeDefinition(field.$))
      return `${fieldHead(definition, name, '  ')}${indent(wrapWords(own === '' ? '<no description>' : own, 76), '    ')}\n\n`
    })
    .join('')
    .replace(/\n$/, '')
}

function fieldHead(definition: CompactSchema, name: string, space: string): string {
  const field = definition.p![name]!
  const required = definition.r?.includes(name) === true ? ' -required-' : ''
  const values =
    field.e === undefined ? '' : `${space}enum: ${field.e.map((value) => (value === '' ? '""' : value)).join(', ')}\n`
  return `${space}${name}\t<${typeName(field)}>${required}\n${values}`
}

function recursiveFields(struct: string, level: number, above: readonly string[]): string {
  const definition = compactDefinitions()[struct]
  if (definition === undefined || above.includes(struct)) return ''
  return Object.keys(definition.p ?? {})
    .sort(compareStrings)
    .map((name) => {
      const inner = structName(definition.p![name]!)
      return (
        fieldHead(definition, name, '  '.repeat(level)) +
        (inner === undefined ? '' : recursiveFields(inner, level + 1, [...above, struct]))
      )
    })
    .join('')
}

/** `string`, `[]Container`, `map[string]string`, `Object`. */
export function typeName(schema: CompactSchema): string {
  if (schema.$ !== undefined) return schema.$.slice(schema.$.lastIndexOf('.') + 1)
  if (schema.i !== undefined) return `[]${typeName(schema.i)}`
  if (schema.m !== undefined) return `map[string]${typeName(schema.m)}`
  if (schema.t === 'object') return 'Object'
  return schema.t ?? 'string'
}

const indent = (text: string, space: string): string =>
  text
    .split('\n')
    .map((line) => space + line)
    .join('\n')

/** Breaks lines between words; newlines stay. Upstream: github.com/mitchellh/go-wordwrap. */
export function wrapWords(text: string, width: number): string {
  return text
    .split('\n')
    .map((line) => {
      const out: string[] = []
      let current = ''
      for (const [piece, blanks = '', word = ''] of line.matchAll(/(\s*)(\S*)/g)) {
        if (piece === '') continue
        if (current !== '' && current.length + blanks.length + word.length > width) {
          out.push(current)
          current = word
        } else current += blanks + word
      }
      out.push(current.trimEnd())
      return out.join('\n')
    })
    .join('\n')
}
