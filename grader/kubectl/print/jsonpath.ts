/** Evaluates JSONPath templates. Upstream: k8s.io/client-go/util/jsonpath/jsonpath.go, cli-runtime/pkg/printers/jsonpath.go. */
import { compareStrings } from '../../api/compare.ts'
import { fail } from '../failure.ts'
import { formatGoSyntax, quote } from '../go-text.ts'
import { formatJson } from './json.ts'
import { JsonPathError, type PathList, type PathNode, parseJsonPath } from './jsonpath-parser.ts'

type Values = readonly unknown[]

/** What the template prints for the object. Ends the command with kubectl's words if it cannot. */
export function printJsonPath(template: string, value: unknown, allowMissing: boolean): string {
  return evaluateJsonPath(template, value, allowMissing)
    .map((found) => found.map(textOf).join(' '))
    .join('')
}

/** The values each part of the template finds. */
export function evaluateJsonPath(template: string, value: unknown, allowMissing: boolean): readonly Values[] {
  const nodes = parseOrFail(template)
  try {
    return createEvaluation(value, allowMissing).run(nodes)
  } catch (error) {
    if (error instanceof JsonPathError) return fail(executionProblem(template, value, error.message))
    throw error
  }
}

function parseOrFail(template: string): PathList {
  try {
    return parseJsonPath(template)
  } catch (error) {
    if (error instanceof JsonPathError) return fail(`error parsing jsonpath ${template}, ${error.message}`)
    throw error
  }
}

/** Upstream: JSONPathPrinter.PrintObj. */
function executionProblem(template: string, value: unknown, message: string): string {
  const details = `Error executing template: ${message}. Printing more information for debugging the template:\n\ttemplate was:\n\t\t${template}\n\tobject given to jsonpath engine was:\n\t\t${formatGoSyntax(value)}\n\n`
  return `error executing jsonpath ${quote(template)}: ${details}\n`
}

/** The values that one path finds, or an error text: for --sort-by, custom-columns and wait. */
export function findValues(
  template: string,
  value: unknown,
): { readonly ok: true; readonly values: Values } | { readonly ok: false; readonly error: string } {
  try {
    const all = createEvaluation(value, true).run(parseJsonPath(template))
    return { ok: true, values: all.flat() }
  } catch (error) {
    if (error instanceof JsonPathError) return { ok: false, error: error.message }
    throw error
  }
}

/** A value in the output: texts bare, lists and maps as JSON. Upstream: PrintResults, evalToText. */
export function textOf(value: unknown): string {
  if (value === null) return 'null'
  if (value === undefined) return ''
  return typeof value === 'object' ? formatJson(value) : String(value)
}

type SliceNode = PathNode & { readonly type: 'slice' }

interface Evaluation {
  run(nodes: PathList): readonly Values[]
}

/** Templates may nest ranges; this bounds what one may print. */
const MOST_STEPS = 2_000_000

function createEvaluation(root: unknown, allowMissing: boolean): Evaluation {
  let steps = 0

  function run(nodes: PathList, current: unknown = root): Values[] {
    const out: Values[] = []
    for (let i = 0; i < nodes.length; i++) {
      if (++steps > MOST_STEPS) throw new JsonPathError('too much output')
      const node = nodes[i]!
      const keyword = keywordOf(node)
      if (keyword === 'end') throw new JsonPathError('not in range, nothing to end')
      if (keyword === 'range') {
        const end = endOfRange(nodes, i)
        const over = node.type === 'list' ? walk(node.nodes.slice(1), [current]) : []
        for (const item of over) out.push(...run(nodes.slice(i + 1, end), item))
        i = end
        continue
      }
      out.push(node.type === 'list' ? walk(node.nodes, [current]) : evaluate(node, [current]))
    }
    return out
  }

  function walk(nodes: PathList, from: Values): Values {
    let values = from
    for (const node of nodes) values = evaluate(node, values)
    return values
  }

  function evaluate(node: PathNode, values: Values): Values {
    steps += values.length + 1
    if (steps > MOST_STEPS) throw new JsonPathError('too much output')
    switch (node.type) {
      case 'text':
        return [node.text]
      case 'number':
      case 'boolean':
        return [node.value]
      case 'list':
        return walk(node.nodes, values)
      case 'identifier':
        if (node.name === 'range' || node.name === 'end') return values
        throw new JsonPathError(`unrecognized identifier ${node.name}`)
      case 'field':
        return node.name === '' ? values : fieldsOf(values, node.name)
      case 'wildcard':
        return values.flatMap(childrenOf)
      case 'recursive':
        return values.flatMap((value) => descend(value))
      case 'slice':
        return values.flatMap((value) => sliceOf(value, node))
      case 'union':
        return node.nodes.flatMap((list) => walk(list, values))
      case 'filter':
        return values.flatMap((value) => filterItems(value, node))
    }
  }

  function fieldsOf(values: Values, name: string): Values {
    const found = values.flatMap((value) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, name)) return []
      const inner = (value as Record<string, unknown>)[name]
      return inner === undefined ? [] : [inner]
    })
    if (found.length === 0 && !allowMissing) throw new JsonPathError(`${name} is not found`)
    return found
  }

  /** Upstream: evalArray. */
  function sliceOf(value: unknown, { from, to, step, single }: SliceNode): Values {
    if (value === null || value === undefined) return []
    if (!Array.isArray(value)) throw new JsonPathError(`${goTypeOf(value)} is not array or slice`)
    const size = value.length
    const start = from === undefined ? 0 : from < 0 ? from + size : from
    const given = to ?? size
    const end = given < 0 || (given === 0 && single) ? given + size : given
    if (start === end) return []
    const outside = (index: number): JsonPathError =>
      new JsonPathError(`array index out of bounds: index ${index}, length ${size}`)
    if (start >= size || start < 0) throw outside(start)
    if (end > size || end < 0) throw outside(end - 1)
    if (start > end) throw new JsonPathError(`starting index ${start} is greater than ending index ${end}`)
    if (step !== undefined && step <= 0) throw new JsonPathError('step must be > 0')
    return value.slice(start, end).filter((_, i) => i % (step ?? 1) === 0)
  }

  function filterItems(value: unknown, node: PathNode & { readonly type: 'filter' }): Values {
    if (!Array.isArray(value))
      throw new JsonPathError(`${formatJson(value ?? null)} is not array or slice and cannot be filtered`)
    return value.filter((item) => {
      const left = allowed(() => walk(node.left, [item]))
      if (node.operator === 'exists') return left.length > 0
      if (left.length === 0) return false
      const right = allowed(() => walk(node.right, [item]))
      if (left.length > 1) throw new JsonPathError('can only compare one element at a time')
      return right.length > 0 && compares(left[0], node.operator, right[0])
    })
  }

  /** Inside a filter a field that is missing is no error. */
  function allowed(find: () => Values): Values {
    try {
      return find()
    } catch (error) {
      if (error instanceof JsonPathError && error.message.endsWith('is not found')) return []
      throw error
    }
  }

  return { run }
}

function keywordOf(node: PathNode): 'range' | 'end' | undefined {
  const first = node.type === 'list' ? node.nodes[0] : undefined
  return first?.type === 'identifier' && (first.name === 'range' || first.name === 'end') ? first.name : undefined
}

function endOfRange(nodes: PathList, from: number): number {
  let depth = 0
  for (let i = from; i < nodes.length; i++) {
    const keyword = keywordOf(nodes[i]!)
    if (keyword === 'range') depth++
    if (keyword === 'end' && --depth === 0) return i
  }
  throw new JsonPathError('unexpected end of template, missing {end}')
}

function childrenOf(value: unknown): Values {
  if (Array.isArray(value)) return value
  if (typeof value !== 'object' || value === null) return []
  return Object.keys(value)
    .sort(compareStrings)
    .map((key) => (value as Record<string, unknown>)[key])
    .filter((item) => item !== undefined)
}

function descend(value: unknown): Values {
  const children = childrenOf(value).filter((child) => typeof child === 'object' && child !== null)
  return [value, ...children.flatMap(descend)]
}

function compares(left: unknown, operator: string, right: unknown): boolean {
  const a = typeof left === 'number' && typeof right === 'number' ? left : textOf(left)
  const b = typeof left === 'number' && typeof right === 'number' ? right : textOf(right)
  switch (operator) {
    case '==':
      return a === b
    case '!=':
      return a !== b
    case '<':
      return a < b
    case '>':
      return a > b
    case '<=':
      return a <= b
    default:
      return a >= b
  }
}

/** The Go type of a decoded JSON value. */
function goTypeOf(value: unknown): string {
  if (typeof value === 'object') return 'map[string]interface {}'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64'
  return typeof value === 'boolean' ? 'bool' : 'string'
}
