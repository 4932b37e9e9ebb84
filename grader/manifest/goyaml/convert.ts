/**
 * One YAML document → the JSON that kubectl sends: merge keys and aliases resolved, keys made strings, keys in order.
 * Upstream: decode.go of go.yaml.in/yaml/v2 and sigs.k8s.io/yaml (YAMLToJSON).
 */
import type { Json } from '../../api/meta.ts'
import type { MappingNode, ScalarNode, YamlNode } from './parser.ts'
import { resolveScalar } from './resolve.ts'
import { YamlFailure } from './token.ts'

/** The document has keys or values that JSON cannot hold; the message has no `yaml: ` before it. */
export class ConversionFailure extends Error {}

/** Upstream allows far more in a large document; this many resolved nodes are beyond any manifest. */
const MAX_ALIASED = 100_000

/** The value of the node as JSON. Throws YamlFailure or ConversionFailure, nothing else. */
export function toJson(node: YamlNode): Json {
  return new Converter().value(node)
}

class Converter {
  private readonly open = new Set<YamlNode>()
  private total = 0
  private aliased = 0

  value(node: YamlNode): Json {
    this.count()
    switch (node.type) {
      case 'scalar':
        return scalarValue(node)
      case 'alias':
        return this.aliasValue(node.target, node.name, (target) => this.value(target))
      case 'sequence':
        return node.items.map((item) => this.value(item))
      default:
        return this.mapping(node)
    }
  }

  private count(): void {
    this.total++
    if (this.open.size === 0) return
    this.aliased++
    const excessive = this.aliased > 100 && this.total > 1000 && this.aliased / this.total > 0.99
    if (excessive || this.aliased > MAX_ALIASED) throw new YamlFailure('document contains excessive aliasing')
  }

  private aliasValue<T>(target: YamlNode, name: string, read: (target: YamlNode) => T): T {
    if (this.open.has(target)) throw new YamlFailure(`anchor '${name}' value contains itself`)
    this.open.add(target)
    const value = read(target)
    this.open.delete(target)
    return value
  }

  private mapping(node: MappingNode): Json {
    const values = new Map<string, Json>()
    this.fill(values, node)
    return objectOf(values)
  }

  private fill(values: Map<string, Json>, node: MappingNode): void {
    for (const { key, value } of node.entries) {
      if (isMergeKey(key)) this.merge(values, value)
      else values.set(this.keyOf(key, value), this.value(value))
    }
  }

  /** Merged keys replace what stands before the `<<`: so does upstream. */
  private merge(values: Map<string, Json>, from: YamlNode): void {
    if (from.type === 'sequence') {
      for (const item of [...from.items].reverse()) this.mergeOne(values, item)
    } else this.mergeOne(values, from)
  }

  private mergeOne(values: Map<string, Json>, from: YamlNode): void {
    this.count()
    const target = from.type === 'alias' ? from.target : from
    if (target.type !== 'mapping')
      throw new YamlFailure('map merge requires map or sequence of maps as the value', from.start)
    if (from.type === 'alias') this.aliasValue(target, from.name, () => this.fill(values, target))
    else this.fill(values, target)
  }

  private keyOf(key: YamlNode, value: YamlNode): string {
    this.count()
    const node = key.type === 'alias' ? key.target : key
    if (node.type === 'mapping' || node.type === 'sequence') {
      throw new YamlFailure(`invalid map key: ${goSyntax(node)}`, key.start)
    }
    if (node.type === 'alias') return this.keyOf(node, value)
    const scalar = resolveScalar(node)
    if (scalar.value === null) {
      throw new ConversionFailure(
        `unsupported map key of type: %!s(<nil>), key: <nil>, value: ${goSyntax(value, 0, '<nil>')}`,
      )
    }
    return typeof scalar.value === 'number' && scalar.type === 'float' ? goFloat32(scalar.value) : String(scalar.value)
  }
}

/** `<<`, unquoted or tagged as merge. */
export function isMergeKey(key: YamlNode): boolean {
  if (key.type !== 'scalar' || key.value !== '<<') return false
  return key.tag === '' ? key.style === 'plain' : key.tag === 'tag:yaml.org,2002:merge' || key.tag === '!'
}

function scalarValue(node: ScalarNode): Json {
  const { value } = resolveScalar(node)
  if (typeof value === 'number' && !Number.isFinite(value)) {
    const text = Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf'
    throw new ConversionFailure(`json: unsupported value: ${text}`)
  }
  return value
}

/** Keys in order, as Go's JSON encoder writes a map. */
function objectOf(values: ReadonlyMap<string, Json>): Json {
  const out: Record<string, Json> = {}
  for (const key of [...values.keys()].sort()) {
    const value = values.get(key)!
    if (key === '__proto__')
      Object.defineProperty(out, key, { value, enumerable: true, configurable: true, writable: true })
    else out[key] = value
  }
  return out
}

/** A float as a key: the shortest digits that a 32-bit float needs, in %g form. */
function goFloat32(value: number): string {
  if (Number.isNaN(value)) return '.nan'
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf'
  for (let digits = 1; digits <= 9; digits++) {
    const text = value.toExponential(digits - 1)
    if (Math.fround(Number(text)) !== Math.fround(value) && digits < 9) continue
    const exponent = Number(text.slice(text.indexOf('e') + 1))
    if (exponent >= -4 && exponent < 21) return String(Number(text))
    return text.replace(/e([+-])(\d)$/, 'e$10$2')
  }
  return String(value)
}

/** The node as Go's %#v prints the value. */
function goSyntax(node: YamlNode, depth = 0, nil = 'interface {}(nil)'): string {
  if (depth > 20) return '...'
  switch (node.type) {
    case 'alias':
      return goSyntax(node.target, depth + 1, nil)
    case 'sequence':
      return `[]interface {}{${node.items.map((item) => goSyntax(item, depth + 1)).join(', ')}}`
    case 'mapping': {
      const entries = node.entries.map(({ key, value }) => `${goSyntax(key, depth + 1)}:${goSyntax(value, depth + 1)}`)
      return `map[interface {}]interface {}{${entries.sort().join(', ')}}`
    }
    default: {
      const { value } = resolveScalar(node)
      return value === null ? nil : typeof value === 'string' ? JSON.stringify(value) : String(value)
    }
  }
}
