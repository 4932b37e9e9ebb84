// A call that kubectl or the API server refused, as one diagnostic: their words, then ours.
import type { ManifestDiagnostic } from './explain-manifest.ts'

interface Rule {
  readonly pattern: RegExp
  readonly code: string
  readonly explanation: (match: readonly string[]) => string
}

const RULES: readonly Rule[] = [
  {
    pattern: /namespaces "([^"]*)" not found/,
    code: 'NamespaceMissing',
    explanation: ([, name]) =>
      `There is no namespace \`${name}\`, so nothing can be created in it. Next: check \`metadata.namespace\`, or create the namespace first.`,
  },
  {
    pattern: /no matches for kind "([^"]*)" in version "([^"]*)"/,
    code: 'WrongApiVersion',
    explanation: ([, kind, version]) =>
      `This cluster serves no \`${kind}\` under \`${version}\`. Next: \`kubectl api-resources\` lists kind and apiVersion; a DaemonSet is \`apps/v1\`.`,
  },
  {
    pattern: /is being terminated/,
    code: 'NamespaceTerminating',
    explanation: () => 'The namespace is being deleted, so nothing new is created in it.',
  },
  {
    pattern: /field is immutable/,
    code: 'ImmutableField',
    explanation: () =>
      'This field cannot be changed on an object that exists. Next: delete the object and create it anew, or keep the old value.',
  },
  {
    pattern: /exceeded quota/,
    code: 'QuotaExceeded',
    explanation: () => "The namespace's quota has no room for this object.",
  },
  {
    pattern: /is invalid/,
    code: 'InvalidValue',
    explanation: () => 'The API server refused a value. Next: its message names the field and what it allows.',
  },
  {
    pattern: /strict decoding error|unknown field/,
    code: 'UnknownField',
    explanation: () =>
      'The object has a field that its kind does not know. Next: check its spelling and its indentation.',
  },
]

/** From what kubectl printed on stderr. Never fails: an unknown text keeps its own words. */
export function explainRefusal(stderr: string): ManifestDiagnostic {
  const message = stderr.trim()
  for (const rule of RULES) {
    const match = rule.pattern.exec(message)
    if (match !== null) return { code: rule.code, severity: 'error', message, explanation: rule.explanation(match) }
  }
  return {
    code: 'Refused',
    severity: 'error',
    message,
    explanation: 'kubectl did not accept this. Next: its own message, above, says why.',
  }
}
