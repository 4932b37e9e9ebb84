// IP addresses as old API fields take them: leading zeros and IPv4-mapped IPv6 are accepted with a warning.
// Upstream: k8s.io/apimachinery/pkg/util/validation/ip.go (IsValidIPForLegacyField, GetWarningsForIP).
import { type FieldError, goQuote, invalid } from '../field-error.ts'
import type { FieldPath } from '../field-path.ts'
import { NONE } from './field-checks.ts'

/** The eight 16-bit groups of the address (IPv4 sits in the last two), or undefined if it is none. */
export function parseIp(text: string): { readonly groups: readonly number[]; readonly version: 4 | 6 } | undefined {
  if (!text.includes(':')) {
    const v4 = parseIpv4(text)
    return v4 === undefined ? undefined : { groups: [0, 0, 0, 0, 0, 0xffff, ...v4], version: 4 }
  }
  const groups = parseIpv6(text)
  return groups === undefined ? undefined : { groups, version: 6 }
}

function parseIpv4(text: string): readonly [number, number] | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^[0-9]+$/.test(part) && Number(part) <= 255)) return undefined
  const [a, b, c, d] = parts.map(Number) as [number, number, number, number]
  return [a * 256 + b, c * 256 + d]
}

function parseIpv6(text: string): readonly number[] | undefined {
  const lastColon = text.lastIndexOf(':')
  const tail = text.slice(lastColon + 1)
  let head = text
  let v4: readonly number[] = []
  if (tail.includes('.')) {
    const parsed = parseIpv4(tail)
    if (parsed === undefined) return undefined
    v4 = parsed
    head = text.slice(0, text[lastColon - 1] === ':' ? lastColon + 1 : lastColon)
  }
  const halves = head.split('::')
  if (halves.length > 2) return undefined
  const groupsOf = (half: string): readonly string[] => (half === '' ? [] : half.split(':'))
  const left = groupsOf(halves[0]!)
  const right = halves.length === 2 ? groupsOf(halves[1]!) : []
  if (![...left, ...right].every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined
  const missing = 8 - left.length - right.length - v4.length
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined
  const numbers = (list: readonly string[]): number[] => list.map((group) => Number.parseInt(group, 16))
  return [...numbers(left), ...Array.from({ length: missing }, () => 0), ...numbers(right), ...v4]
}

/** Upstream: IsValidIPForLegacyField, not strict. */
export function validateLegacyIp(text: string, path: FieldPath): readonly FieldError[] {
  return parseIp(text) === undefined
    ? [invalid(path, text, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)')]
    : NONE
}

/** Upstream: IsValidCIDRForLegacyField, not strict. */
export function validateLegacyCidr(text: string, path: FieldPath): readonly FieldError[] {
  return parseCidr(text) === undefined
    ? [invalid(path, text, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)')]
    : NONE
}

export interface Cidr {
  readonly groups: readonly number[]
  readonly version: 4 | 6
  readonly length: number
}

/** The address and length of `10.0.0.0/8`, or undefined. */
export function parseCidr(text: string): Cidr | undefined {
  const slash = text.indexOf('/')
  const ip = slash < 0 ? undefined : parseIp(text.slice(0, slash))
  const length = text.slice(slash + 1)
  if (ip === undefined || !/^[0-9]+$/.test(length) || Number(length) > (ip.version === 4 ? 32 : 128)) return undefined
  return { ...ip, length: Number(length) }
}

/** What clients are told about a block that is accepted but oddly written. Upstream: GetWarningsForCIDR. */
export function cidrWarnings(text: string, path: FieldPath): readonly string[] {
  const cidr = parseCidr(text)
  if (cidr === undefined) return []
  const bits = cidr.length + (cidr.version === 4 ? 96 : 0)
  const network = cidr.groups.map(
    (group, i) => group & (0xffff << Math.max(0, Math.min(16, (i + 1) * 16 - bits))) & 0xffff,
  )
  const canonical = `${formatIp(network)}/${cidr.length}`
  const found: string[] = []
  if (network.some((group, i) => group !== cidr.groups[i])) {
    const single = `${formatIp(cidr.groups)}/${cidr.version === 4 ? 32 : 128}`
    found.push(
      `${path}: CIDR value ${goQuote(text)} is ambiguous in this context (should be ${goQuote(canonical)} or ${goQuote(single)}?)`,
    )
  }
  const address = text.slice(0, text.indexOf('/'))
  const odd = ipWarnings(address, path).some((warning) => warning.includes('non-standard')) || /\/0[0-9]/.test(text)
  if (odd)
    found.push(
      `${path}: non-standard CIDR value ${goQuote(text)} will be considered invalid in a future Kubernetes release: use ${goQuote(canonical)}`,
    )
  if (found.length > 0 || cidr.version === 4 || canonical === text) return found
  return [`${path}: IPv6 CIDR value ${goQuote(text)} should be in RFC 5952 canonical format (${goQuote(canonical)})`]
}

/** What clients are told about an address that is accepted but oddly written. */
export function ipWarnings(text: string, path: FieldPath): readonly string[] {
  const ip = parseIp(text)
  if (ip === undefined) return []
  const mapped = ip.version === 6 && ip.groups.slice(0, 5).every((group) => group === 0) && ip.groups[5] === 0xffff
  const zeros = (ip.version === 4 || text.includes('.')) && /(^|[.:])0[0-9]/.test(text.slice(text.lastIndexOf(':') + 1))
  if (mapped || zeros) {
    return [
      `${path}: non-standard IP address ${goQuote(text)} will be considered invalid in a future Kubernetes release: use ${goQuote(formatIp(ip.groups))}`,
    ]
  }
  const canonical = formatIp(ip.groups)
  return ip.version === 6 && canonical !== text
    ? [`${path}: IPv6 address ${goQuote(text)} should be in RFC 5952 canonical format (${goQuote(canonical)})`]
    : []
}

/** RFC 5952: the longest run of two or more zero groups becomes `::`; IPv4-mapped addresses print as IPv4. */
export function formatIp(groups: readonly number[]): string {
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    return [groups[6]! >> 8, groups[6]! & 255, groups[7]! >> 8, groups[7]! & 255].join('.')
  }
  let best = { start: -1, length: 1 }
  for (let start = 0; start < 8; start++) {
    let length = 0
    while (start + length < 8 && groups[start + length] === 0) length++
    if (length > best.length) best = { start, length }
  }
  const text = (list: readonly number[]): string => list.map((group) => group.toString(16)).join(':')
  if (best.start < 0) return text(groups)
  return `${text(groups.slice(0, best.start))}::${text(groups.slice(best.start + best.length))}`
}
