/**
 * Label selectors: parse, match, print. Upstream: k8s.io/apimachinery/pkg/labels/selector.go and
 * k8s.io/apimachinery/pkg/apis/meta/v1/helpers.go.
 */
import { compareStrings } from './compare.ts'
import type { FieldError } from './field-error.ts'
import { formatFieldError, invalid } from './field-error.ts'
import type { LabelSelector, StringMap } from './meta.ts'

export type SelectorOperator = 'in' | 'notin' | '=' | '==' | '!=' | 'exists' | '!' | 'gt' | 'lt'

export interface Requirement {
  readonly key: string
  readonly operator: SelectorOperator
  readonly values: readonly string[]
}

/** All requirements must hold; `nothing` (a missing selector) matches no labels at all. */
export interface Selector {
  readonly requirements: readonly Requirement[]
  readonly nothing?: true
}

export type ParsedSelector =
  | { readonly ok: true; readonly value: Selector }
  | { readonly ok: false; readonly error: string }

export const EVERYTHING: Selector = { requirements: [] }
export const NOTHING: Selector = { requirements: [], nothing: true }

const NO_LABELS: StringMap = {}

/** Whether the labels satisfy the selector. */
export function selectorMatches(selector: Selector, labels: StringMap | undefined): boolean {
  if (selector.nothing === true) return false
  const present = labels ?? NO_LABELS
  for (const requirement of selector.requirements) if (!requirementMatches(requirement, present)) return false
  return true
}

/** Whether one requirement holds. Upstream: Requirement.Matches. */
export function requirementMatches(requirement: Requirement, labels: StringMap): boolean {
  const value = Object.hasOwn(labels, requirement.key) ? labels[requirement.key] : undefined
  switch (requirement.operator) {
    case 'in':
    case '=':
    case '==':
      return value !== undefined && requirement.values.includes(value)
    case 'notin':
    case '!=':
      return value === undefined || !requirement.values.includes(value)
    case 'exists':
      return value !== undefined
    case '!':
      return value === undefined
    default:
      return value !== undefined && comparesAs(requirement, value)
  }
}

const INTEGER = /^[+-]?[0-9]{1,19}$/

function comparesAs(requirement: Requirement, value: string): boolean {
  const wanted = requirement.values[0] ?? ''
  if (!INTEGER.test(value) || !INTEGER.test(wanted)) return false
  const left = BigInt(value.replace('+', ''))
  const right = BigInt(wanted.replace('+', ''))
  return requirement.operator === 'gt' ? left > right : left < right
}

const OPERATORS: Readonly<Record<string, SelectorOperator>> = {
  In: 'in',
  NotIn: 'notin',
  Exists: 'exists',
  DoesNotExist: '!',
}

const memo = new WeakMap<LabelSelector, ParsedSelector>()

/**
 * The matcher of an object's selector: absent matches nothing, `{}` matches everything. Fails with upstream's text for
 * an unknown operator. Upstream: metav1.LabelSelectorAsSelector.
 */
export function selectorOf(selector: LabelSelector | undefined): ParsedSelector {
  if (selector === undefined) return { ok: true, value: NOTHING }
  const known = memo.get(selector)
  if (known !== undefined) return known
  const made = convertSelector(selector)
  memo.set(selector, made)
  return made
}

function convertSelector(selector: LabelSelector): ParsedSelector {
  const requirements: Requirement[] = []
  for (const [key, value] of Object.entries(selector.matchLabels ?? NO_LABELS)) {
    requirements.push({ key, operator: '=', values: [value] })
  }
  for (const { key, operator, values } of selector.matchExpressions ?? []) {
    const known = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined
    if (known === undefined)
      return { ok: false, error: `${JSON.stringify(operator)} is not a valid label selector operator` }
    requirements.push({ key, operator: known, values: values ?? [] })
  }
  return { ok: true, value: { requirements: requirements.sort((a, b) => compareStrings(a.key, b.key)) } }
}

/** Whether an object's selector picks these labels; one that does not parse picks nothing. */
export function labelSelectorMatches(selector: LabelSelector | undefined, labels: StringMap | undefined): boolean {
  const parsed = selectorOf(selector)
  return parsed.ok && selectorMatches(parsed.value, labels)
}

/** The selector that wants exactly these labels. Upstream: labels.SelectorFromSet. */
export function selectorFromSet(labels: StringMap): Selector {
  return convertedOrNothing(convertSelector({ matchLabels: labels }))
}

const convertedOrNothing = (parsed: ParsedSelector): Selector => (parsed.ok ? parsed.value : NOTHING)

/** `a=b,c in (x,y),!d`. Upstream: Selector.String. */
export function formatSelector(selector: Selector): string {
  return selector.requirements.map(formatRequirement).join(',')
}

function formatRequirement({ key, operator, values }: Requirement): string {
  const list = [...values].sort(compareStrings).join(',')
  switch (operator) {
    case 'exists':
      return key
    case '!':
      return `!${key}`
    case 'in':
    case 'notin':
      return `${key} ${operator} (${list})`
    case 'gt':
      return `${key}>${list}`
    case 'lt':
      return `${key}<${list}`
    default:
      return `${key}${operator}${list}`
  }
}

/** The selector as kubectl prints it; `<none>` for one without requirements. Upstream: metav1.FormatLabelSelector. */
export function formatLabelSelector(selector: LabelSelector | undefined): string {
  const parsed = selectorOf(selector)
  if (!parsed.ok) return '<error>'
  const text = formatSelector(parsed.value)
  return text === '' ? '<none>' : text
}

/** Labels as `a=b,c=d` in order of keys; `<none>` without any. Upstream: labels.FormatLabels. */
export function formatLabels(labels: StringMap | undefined): string {
  const keys = Object.keys(labels ?? NO_LABELS).sort(compareStrings)
  return keys.length === 0 ? '<none>' : keys.map((key) => `${key}=${labels?.[key] ?? ''}`).join(',')
}

const NAME_RULE =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName', or 'my.name', or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
const VALUE_RULE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue', or 'my_value', or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
const SUBDOMAIN_RULE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
const QUALIFIED_RULE =
  "a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"

const NAME_SHAPE = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/
const SUBDOMAIN_SHAPE = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/

/** What is wrong with a label's key (or any qualified name); empty if nothing. Upstream: content.IsLabelKey. */
export function labelKeyProblems(key: string): readonly string[] {
  const parts = key.split('/')
  if (parts.length > 2) return [QUALIFIED_RULE]
  const problems: string[] = []
  const name = parts[parts.length - 1]!
  if (parts.length === 2) problems.push(...prefixProblems(parts[0]!))
  if (name === '') problems.push('name part must be non-empty')
  else if (name.length > 63) problems.push('name part must be no more than 63 bytes')
  if (!NAME_SHAPE.test(name)) problems.push(NAME_RULE)
  return problems
}

function prefixProblems(prefix: string): string[] {
  if (prefix === '') return ['prefix part must be non-empty']
  const problems: string[] = []
  if (prefix.length > 253) problems.push('prefix part must be no more than 253 bytes')
  if (!SUBDOMAIN_SHAPE.test(prefix)) problems.push(`prefix part ${SUBDOMAIN_RULE}`)
  return problems
}

/** What is wrong with a label's value; empty if nothing. Upstream: content.IsLabelValue. */
export function labelValueProblems(value: string): readonly string[] {
  const problems: string[] = []
  if (value.length > 63) problems.push('must be no more than 63 bytes')
  if (value !== '' && !NAME_SHAPE.test(value)) problems.push(VALUE_RULE)
  return problems
}

/** Errors of a requirement's key and values, as the parser reports them; the path is `<nil>` on the command line. */
export function requirementErrors(requirement: Requirement, keyPath: string, valuePath: string): FieldError[] {
  const errors: FieldError[] = []
  const keyProblems = labelKeyProblems(requirement.key)
  if (keyProblems.length > 0) errors.push(invalid(keyPath, requirement.key, keyProblems.join('; ')))
  requirement.values.forEach((value, i) => {
    if ((requirement.operator === 'gt' || requirement.operator === 'lt') && !INTEGER.test(value)) {
      errors.push(invalid(`${valuePath}[${i}]`, value, "for 'Gt', 'Lt' operators, the value must be an integer"))
    }
  })
  requirement.values.forEach((value, i) => {
    const problems = labelValueProblems(value)
    if (problems.length > 0) errors.push(invalid(`${valuePath}[${i}][${requirement.key}]`, value, problems.join('; ')))
  })
  return errors
}

/** Several field errors as Go's aggregate prints them. */
export function aggregateText(errors: readonly FieldError[]): string {
  const texts = [...new Set(errors.map(formatFieldError))]
  return texts.length === 1 ? texts[0]! : `[${texts.join(', ')}]`
}
