/** Evaluates JSONPath templates. Upstream: k8s.io/client-go/util/jsonpath/jsonpath.go, cli-runtime/pkg/printers/jsonpath.go. */
import { compareStrings } from '../../api/compare.ts'
import { fail } from '../failure.ts'
import { formatPlainJson } from './json.ts'
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
  try {
    return createEvaluation(value, allowMissing).run(parseJsonPath(template))
  } catch (error) {
    if (error instanceof JsonPathError) return fail(explain(template, error.message))
    throw error
  }
}

const explain = (template: string, message: string): string => `error parsing jsonpath ${template}, ${message}`

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

/** A value in the output: texts bare, everything else as JSON. Upstream: evalToText. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? formatPlainJson(value) : String(value)
}

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
        return node.name === '' ? values : values.flatMap((value) => fieldOf(value, node.name))
      case 'wildcard':
        return values.flatMap(childrenOf)
      case 'recursive':
        return values.flatMap((value) => descend(value))
      case 'slice':
        return values.flatMap((value) => sliceOf(value, node.parts))
      case 'union':
        return node.nodes.flatMap((list) => walk(list, values))
      case 'filter':
        return values.flatMap((value) => filterItems(value, node))
    }
  }

  function fieldOf(value: unknown, name: string): Values {
    if (value === null || value === undefined) return []
    if (typeof value === 'object' && !Array.isArray(value)) {
      if (Object.hasOwn(value, name) && (value as Record<string, unknown>)[name] !== undefined)
        return [(value as Record<string, unknown>)[name]]
    }
    if (allowMissing) return []
    throw new JsonPathError(`${name} is not found`)
  }

  function sliceOf(value: unknown, [from, to, step]: readonly (number | undefined)[]): Values {
    if (value === null || value === undefined) return []
    if (!Array.isArray(value)) throw new JsonPathError(`${kindOf(value)} is not array or slice`)
    const start = from === undefined ? 0 : from < 0 ? from + value.length : from
    const end = to === undefined ? value.length : to < 0 ? to + value.length : to
    const one = from !== undefined && to === from + 1
    if (start < 0 || start >= value.length) {
      if (from === undefined || (value.length === 0 && to === undefined)) return []
      if (!one && from === 0) return []
      if (allowMissing && !one) return []
      throw new JsonPathError(`array index out of bounds: index ${start}, length ${value.length}`)
    }
    if (step !== undefined && step <= 0) throw new JsonPathError('step must be > 0')
    const out: unknown[] = []
    for (let i = start; i < Math.min(end, value.length); i += step ?? 1) out.push(value[i])
    return out
  }

  function filterItems(value: unknown, node: PathNode & { readonly type: 'filter' }): Values {
    if (!Array.isArray(value))
      throw new JsonPathError(`${formatPlainJson(value ?? null)} is not array or slice and cannot be filtered`)
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

const kindOf = (value: unknown): string => (typeof value === 'object' ? 'map' : typeof value)
