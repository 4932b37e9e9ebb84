// Which Pod Security level a namespace asks for. Upstream: k8s.io/pod-security-admission/api/helpers.go.
import { type FieldError, invalid } from '../../../api/field-error.ts'
import { mapKey } from '../../../api/field-path.ts'
import type { StringMap } from '../../../api/meta.ts'

export type SecurityLevel = 'privileged' | 'baseline' | 'restricted'

/** A level and the minor version of its rules; `latest` is above every number. */
export interface LevelVersion {
  readonly level: SecurityLevel
  readonly version: number | 'latest'
}

export interface SecurityPolicy {
  readonly enforce: LevelVersion
  readonly audit: LevelVersion
  readonly warn: LevelVersion
}

const LEVELS: readonly SecurityLevel[] = ['privileged', 'baseline', 'restricted']
const PRIVILEGED: LevelVersion = { level: 'privileged', version: 'latest' }
const NO_POLICY: SecurityPolicy = { enforce: PRIVILEGED, audit: PRIVILEGED, warn: PRIVILEGED }
const PREFIX = 'pod-security.kubernetes.io/'

export interface ParsedPolicy {
  readonly policy: SecurityPolicy
  readonly errors: readonly FieldError[]
}

const FREE: ParsedPolicy = { policy: NO_POLICY, errors: [] }
const parsed = new WeakMap<StringMap, ParsedPolicy>()

/** The policy that the labels say; bad labels enforce the strictest level and neither audit nor warn. */
export function policyOf(labels: StringMap | undefined): ParsedPolicy {
  if (labels === undefined) return FREE
  const known = parsed.get(labels)
  if (known !== undefined) return known
  const made = parsePolicy(labels)
  parsed.set(labels, made)
  return made
}

function parsePolicy(labels: StringMap): ParsedPolicy {
  const errors: FieldError[] = []
  const read = (mode: keyof SecurityPolicy): LevelVersion => ({
    level: readLevel(labels, mode, errors),
    version: readVersion(labels, `${mode}-version`, errors),
  })
  const enforce = read('enforce')
  const audit = read('audit')
  const warn = read('warn')
  const sound = isLevel(labels[`${PREFIX}enforce`])
  if (labels[`${PREFIX}warn`] !== undefined || !sound || !isStricter(enforce.level, warn.level))
    return { policy: { enforce, audit, warn }, errors }
  const version = labels[`${PREFIX}warn-version`] === undefined ? enforce.version : warn.version
  return { policy: { enforce, audit, warn: { level: enforce.level, version } }, errors }
}

const isLevel = (text: string | undefined): text is SecurityLevel => LEVELS.includes(text as SecurityLevel)

function readLevel(labels: StringMap, mode: string, errors: FieldError[]): SecurityLevel {
  const text = labels[PREFIX + mode]
  if (text === undefined || isLevel(text)) return text ?? 'privileged'
  errors.push(invalid(mapKey('metadata.labels', PREFIX + mode), text, `must be one of ${LEVELS.join(', ')}`))
  return mode === 'enforce' ? 'restricted' : 'privileged'
}

function readVersion(labels: StringMap, label: string, errors: FieldError[]): number | 'latest' {
  const text = labels[PREFIX + label]
  if (text === undefined || text === 'latest') return 'latest'
  if (/^v1\.([0-9]|[1-9][0-9]*)$/.test(text)) return Number(text.slice('v1.'.length))
  errors.push(invalid(mapKey('metadata.labels', PREFIX + label), text, 'must be "latest" or "v1.x"'))
  return 'latest'
}

export const isStricter = (a: SecurityLevel, b: SecurityLevel): boolean => LEVELS.indexOf(a) > LEVELS.indexOf(b)

export const sameLevelVersion = (a: LevelVersion, b: LevelVersion): boolean =>
  a.level === b.level && a.version === b.version

/** `restricted:latest`, `baseline:v1.24`. */
export const formatLevelVersion = ({ level, version }: LevelVersion): string =>
  `${level}:${version === 'latest' ? version : `v1.${version}`}`
