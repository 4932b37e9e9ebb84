// Our sentences about faults of the learner's text, by code. Kubernetes' own words stand beside them.
import { type FieldError, formatFieldErrorBody } from '../api/field-error.ts'
import { hasSmartQuotes, isShape, meantName, meantValue, refusedText, wordOfType } from './value-slips.ts'

type Params = Readonly<Record<string, string>>

const quoted = (text: string | undefined): string => `\`${text ?? ''}\``

/** Fields that people bring from Deployments, and what a DaemonSet has instead. */
const FROM_DEPLOYMENTS: Readonly<Record<string, string>> = {
  'spec.replicas': 'A DaemonSet has no `replicas`: every eligible node gets exactly one Pod. Next: delete the line.',
  'spec.strategy': 'A DaemonSet calls it `updateStrategy`, not `strategy`. Next: rename the field.',
  'spec.progressDeadlineSeconds': 'A DaemonSet has no progress deadline: a stuck rollout waits. Next: delete the line.',
  'spec.paused':
    'A rollout of a DaemonSet cannot be paused. Next: delete the line; `updateStrategy.type: OnDelete` is the nearest thing.',
}

const SENTENCES: Readonly<Record<string, (p: Params) => string>> = {
  YamlSyntax: (p) =>
    `This is not valid YAML: ${p.problem ?? 'the text breaks here'}. Next: look at the indentation and the colons of this line and the one above.`,
  TabIndent: () =>
    'A tab stands where YAML wants blanks; tabs may not indent. Next: replace it by two blanks for each level.',
  DuplicateKey: (p) =>
    p.field === 'apiVersion' || p.field === 'kind'
      ? `A second ${quoted(p.field)} in one object: two objects stand in one document. Next: separate them by a line with \`---\`.`
      : `The key ${quoted(p.field ?? p.key)} stands twice in one map, and only one can count. Next: keep the one that is meant.`,
  AliasBomb: () =>
    'The aliases of this text unfold into far more than anybody can have meant, so it is not read. Next: write the values out.',
  TooLarge: () =>
    'The text is larger than the API server takes. Next: hand in the one manifest that the task is about.',
  TemplateNotRendered: () =>
    'This is a template, not yet a manifest: what stands between the braces must be filled in first. Next: render it (`helm template …`, `envsubst`) and hand in the result.',
  UnknownKind: (p) =>
    `This cluster serves no kind ${quoted(p.value)}.${p.suggestion === undefined ? '' : ` Was ${quoted(p.suggestion)} meant?`} Next: \`kubectl api-resources\` lists what there is.`,
  WrongApiVersion: (p) =>
    `${quoted(p.kind)} is not served under ${quoted(p.value)}. Next: write \`apiVersion: ${p.suggestion ?? ''}\`.`,
  MissingField: (p) => `${quoted(p.field)} is missing. Next: every object says its \`apiVersion\` and its \`kind\`.`,
  WrongType: wrongType,
  KindNotSimulated: (p) =>
    `${quoted(p.value)} is a kind of real clusters that this simulated one leaves out; the object is passed over. Next: nothing, unless the task needs it.`,
  InvalidValue: (p) =>
    (p.kubernetes ?? '').includes('quantities must match')
      ? 'This is no amount that Kubernetes can read. Next: a number with a unit: `m` for thousandths of a CPU; `Ki`, `Mi`, `Gi` for memory (`64Mi`).'
      : 'The API server cannot read this value. Next: its message, beside this one, says what it wants.',
  WrongCase: (p) =>
    `The field is spelt ${quoted(p.suggestion)}: upper and lower case count. Next: rename ${quoted(p.field)}.`,
}

/** Lessons behind the codes of the text. */
export const TEXT_LESSONS: Readonly<Record<string, string>> = {
  YamlSyntax: '02-the-daemonset-object',
  TabIndent: '02-the-daemonset-object',
  DuplicateKey: '02-the-daemonset-object',
  AliasBomb: '02-the-daemonset-object',
  TooLarge: '02-the-daemonset-object',
  TemplateNotRendered: '11-agents-in-production',
  UnknownKind: '02-the-daemonset-object',
  KindNotSimulated: '02-the-daemonset-object',
  WrongApiVersion: '02-the-daemonset-object',
  MissingField: '02-the-daemonset-object',
  UnknownField: '02-the-daemonset-object',
  WrongCase: '02-the-daemonset-object',
  WrongType: '02-the-daemonset-object',
  InvalidValue: '02-the-daemonset-object',
  SelectorMismatch: '02-the-daemonset-object',
  ImmutableField: '02-the-daemonset-object',
}

/** A sentence for a fault that reading or decoding found. */
export function explainTextFault(code: string, params: Params): string {
  if (code === 'UnknownField') return explainUnknownField(params)
  return SENTENCES[code]?.(params) ?? 'The API server does not take this text. Next: its message says why.'
}

function wrongType({ wanted = '', found = '' }: Params): string {
  const shape = isShape(wanted) || isShape(found)
  const next =
    wordOfType(wanted) === 'list'
      ? 'begin each item with `- `'
      : shape
        ? 'check the indentation; a list begins its items with `- `, a map has keys'
        : 'quotes make a text of a number or of `true`; without quotes they are what they look like'
  return `Here a ${wordOfType(wanted) || 'different value'} is wanted, and a ${wordOfType(found) || 'value'} is written. Next: ${next}.`.replace(
    'a `true`',
    '`true`',
  )
}

function explainUnknownField(p: Params): string {
  const path = p.parent === undefined || p.parent === '' ? (p.field ?? '') : `${p.parent}.${p.field ?? ''}`
  const known = FROM_DEPLOYMENTS[path]
  if (known !== undefined) return known
  if (p.field === '$patch')
    return '`$patch` is a word of kustomize: this is a patch for an object that stands elsewhere, not a whole manifest. Next: `kubectl kustomize` makes the whole one.'
  if (p.parent?.endsWith('elector') === true && p.suggestion === undefined)
    return `There is no field ${quoted(p.field)} in \`${p.parent}\`: labels to select stand under \`matchLabels\`. Next: write \`matchLabels:\` and indent the label below it.`
  const where = p.parent === undefined || p.parent === '' ? 'here' : `in \`${p.parent}\``
  if (p.suggestion !== undefined)
    return `There is no field ${quoted(p.field)} ${where}. Was ${quoted(p.suggestion)} meant? Next: rename it; the API server takes no field that it does not know.`
  if (p.elsewhere !== undefined)
    return `There is no field ${quoted(p.field)} ${where}; it belongs at \`${p.elsewhere}\`. Next: move it, and mind the indentation.`
  return `There is no field ${quoted(p.field)} ${where}. Next: \`kubectl explain\` lists the fields; check the spelling and the indentation.`
}

/** A sentence for a value that validation refused. */
export function explainFieldError(code: string, error: FieldError): string {
  const { path } = error
  if (code === 'SelectorMismatch') {
    return "The selector must match the labels of the template, or the DaemonSet would not know its own Pods. Every label of the selector must be among the template's; more are fine. Next: compare `spec.selector` with `spec.template.metadata.labels`."
  }
  const given = refusedText(error)
  const meant = meantValue(error) ?? meantName(error)
  if (given !== undefined && hasSmartQuotes(given))
    return `The value ${quoted(given)} holds typographic quotation marks, which are letters like others to YAML.${meant === undefined ? '' : ` Was ${quoted(meant)} meant?`} Next: type straight quotes, or none.`
  if (given !== undefined && error.type === 'Unsupported value' && meant !== undefined)
    return `${quoted(given)} is no value of \`${path}\`. Was ${quoted(meant)} meant? Upper and lower case count. Next: choose one of those in the message.`
  if (error.detail.includes('RFC 1123'))
    return `Names hold lower-case letters, digits and \`-\`, and begin and end with a letter or digit; ${quoted(given)} does not.${meant === undefined ? '' : ` Next: write ${quoted(meant)}.`}`
  for (const [pattern, sentence] of FIELD_SENTENCES)
    if (pattern.test(`${path}: ${formatFieldErrorBody(error)}`)) return sentence
  if (error.type === 'Required value') return `\`${path}\` must be there. Next: add it.`
  if (error.type === 'Unsupported value')
    return `\`${path}\` knows only certain values. Next: choose one of those in the message.`
  return `The API server refuses the value of \`${path}\`. Next: its message says what it allows.`
}

const FIELD_SENTENCES: readonly (readonly [RegExp, string])[] = [
  [
    /max(Unavailable|Surge): Invalid value.*percent/,
    'This is a whole number of nodes or a percentage of them. Next: write `1`, or a text such as `10%`; percentages round up.',
  ],
  [
    /tolerations\[\d+\]\.operator: Invalid value.*value must be empty/,
    'With `operator: Exists` the value does not count, so none may be written. Next: delete `value`, or use `operator: Equal`.',
  ],
  [
    /tolerations\[\d+\]\.operator: Invalid value.*must be Exists when `key` is empty/,
    'A toleration without `key` matches every taint, and only `operator: Exists` can mean that. Next: add the `key`, or write `operator: Exists`.',
  ],
  [
    /tolerations\[\d+\]\.effect: Unsupported value/,
    'There are three effects: `NoSchedule`, `PreferNoSchedule` and `NoExecute`. Next: check the spelling; without `effect` the toleration matches all three.',
  ],
  [
    /tolerations\[\d+\]\.effect: Invalid value/,
    '`tolerationSeconds` says how long a Pod may stay after a `NoExecute` taint came; other effects evict nobody. Next: `effect: NoExecute`, or delete `tolerationSeconds`.',
  ],
  [
    /maxSurge: Invalid value.*may not be set when maxUnavailable is non-zero/,
    'An update either takes Pods away first or adds new ones first. `maxUnavailable` is 1 unless it is written. Next: with `maxSurge`, write `maxUnavailable: 0`.',
  ],
  [
    /maxUnavailable: Required value: cannot be 0 when maxSurge is 0/,
    'With neither a Pod to take away nor one to add, no update could begin. Next: make one of `maxUnavailable` and `maxSurge` larger than 0.',
  ],
  [
    /template\.spec\.restartPolicy: Unsupported value/,
    'Pods of a DaemonSet always restart. Next: delete `restartPolicy`, or write `Always`.',
  ],
  [
    /hostPort: Invalid value.*must match `containerPort`/,
    "With `hostNetwork: true` a container's port is the node's port. Next: make `hostPort` equal to `containerPort`, or leave it out.",
  ],
  [
    /volumeMounts\[\d+\]\.name: Not found/,
    'The mount names a volume that the Pod does not have. Next: compare it with the names under `volumes`.',
  ],
  [
    /spec\.selector: Required value|empty selector is invalid/,
    'A DaemonSet finds its Pods by `spec.selector`, and it is not filled in from the template. Next: write `selector.matchLabels` with labels of the template.',
  ],
]
