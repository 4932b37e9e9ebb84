// Jobs and CronJobs, as far as agents beside DaemonSets use them. Upstream: pkg/apis/batch/validation/validation.go.
// Simplified: success policies, indexed Jobs' limits and a Pod failure policy's rules are stored without being checked.
import type { CronJob, CronJobSpec, Job, JobSpec } from '../batch.ts'
import type { PodTemplateSpec } from '../core.ts'
import { type FieldError, invalid, notSupported, required } from '../field-error.ts'
import { child, type FieldPath, mapKey } from '../field-path.ts'
import { labelSelectorMatches } from '../labels.ts'
import { parseCron } from './cron-schedule.ts'
import { hostnameWarnings } from './deployment.ts'
import { checkSupported, NONE, requireSupported } from './field-checks.ts'
import { nameIsDnsSubdomain } from './format.ts'
import { shownSelector, sortedMap, validateImmutableSelector, validateLabelSelector } from './label-selector.ts'
import { validateImmutable, validateNonNegative, validateObjectMeta, validateObjectMetaUpdate } from './object-meta.ts'
import { type PodRules, TEMPLATE_RULES } from './pod-rules.ts'
import { validatePodTemplate } from './pod-template.ts'
import { rulesForTemplateUpdate } from './pod-update-rules.ts'
import { templateWarnings } from './pod-warnings.ts'

const META = { namespaced: true, name: nameIsDnsSubdomain }

export function validateJob(job: Job): readonly FieldError[] {
  return [
    ...validateObjectMeta(job.metadata, META),
    ...validateGeneratedSelector(job),
    ...validateJobSpec(job.spec, 'spec', TEMPLATE_RULES),
    ...validateSelector(job.spec, 'spec'),
  ]
}

export function validateJobUpdate(next: Job, previous: Job): readonly FieldError[] {
  const rules = rulesForTemplateUpdate(previous.spec.template)
  const indexed = next.spec.completionMode === 'Indexed' && next.spec.completions === next.spec.parallelism
  return [
    ...validateObjectMetaUpdate(next.metadata, previous.metadata),
    ...validateJobSpec(next.spec, 'spec', rules),
    ...validateSelector(next.spec, 'spec'),
    ...(indexed ? NONE : validateImmutable(next.spec.completions, previous.spec.completions, 'spec.completions')),
    ...validateImmutableSelector(next.spec.selector, previous.spec.selector),
    ...validateTemplateUpdate(next, previous),
    ...validateImmutable(next.spec.completionMode, previous.spec.completionMode, 'spec.completionMode'),
    ...validateImmutable(next.spec.podFailurePolicy, previous.spec.podFailurePolicy, 'spec.podFailurePolicy'),
  ]
}

// A suspended Job that never started may still be told where to run.
function validateTemplateUpdate(next: Job, previous: Job): readonly FieldError[] {
  const waits = previous.spec.suspend === true && previous.status?.startTime === undefined
  return validateImmutable(
    next.spec.template,
    waits ? withPlacementOf(previous.spec.template, next.spec.template) : previous.spec.template,
    'spec.template',
  )
}

function withPlacementOf(old: PodTemplateSpec, next: PodTemplateSpec): PodTemplateSpec {
  const { nodeSelector: _, tolerations: __, schedulingGates: ___, affinity, ...spec } = old.spec
  const keep = <K extends 'nodeSelector' | 'tolerations' | 'schedulingGates'>(field: K): object =>
    next.spec[field] === undefined ? {} : { [field]: next.spec[field] }
  const { nodeAffinity: ____, ...others } = affinity ?? {}
  const wanted = next.spec.affinity?.nodeAffinity
  const merged = { ...others, ...(wanted === undefined ? {} : { nodeAffinity: wanted }) }
  const cleared = Object.keys(merged).length === 0 && next.spec.affinity === undefined
  const { labels, annotations } = next.metadata ?? {}
  const metadata = {
    ...old.metadata,
    ...(labels === undefined ? {} : { labels }),
    ...(annotations === undefined ? {} : { annotations }),
  }
  return {
    ...old,
    metadata,
    spec: {
      ...spec,
      ...keep('nodeSelector'),
      ...keep('tolerations'),
      ...keep('schedulingGates'),
      ...(cleared ? {} : { affinity: merged }),
    },
  }
}

function validateGeneratedSelector(job: Job): readonly FieldError[] {
  if (job.spec.manualSelector === true || job.spec.selector === undefined) return NONE
  const { uid, name } = job.metadata
  const wanted: Readonly<Record<string, string>> = {
    'controller-uid': uid,
    'job-name': name,
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': name,
  }
  const labels = job.spec.template.metadata?.labels
  const errors = Object.keys(wanted).flatMap((key): readonly FieldError[] => {
    const at = mapKey('spec.template.metadata.labels', key)
    if (labels?.[key] === undefined) return [required(at, `must be '${wanted[key]}'`)]
    return labels[key] === wanted[key] ? NONE : [invalid(at, sortedMap(labels), `must be '${wanted[key]}'`)]
  })
  const parses = validateLabelSelector(job.spec.selector, '').length === 0
  if (!parses || labelSelectorMatches(job.spec.selector, wanted)) return errors
  return [...errors, invalid('spec.selector', shownSelector(job.spec.selector), '`selector` not auto-generated')]
}

function validateSelector(spec: JobSpec, path: FieldPath): readonly FieldError[] {
  const at = child(path, 'selector')
  const errors: readonly FieldError[] =
    spec.selector === undefined ? [required(at)] : validateLabelSelector(spec.selector, at)
  const labels = spec.template.metadata?.labels
  const parses = spec.selector === undefined || errors.length === 0
  if (!parses || labelSelectorMatches(spec.selector, labels)) return errors
  return [
    ...errors,
    invalid(
      child(path, 'template', 'metadata', 'labels'),
      sortedMap(labels),
      '`selector` does not match template `labels`',
    ),
  ]
}

const NUMBERS = [
  'parallelism',
  'completions',
  'activeDeadlineSeconds',
  'backoffLimit',
  'ttlSecondsAfterFinished',
] as const

function validateJobSpec(spec: JobSpec, path: FieldPath, rules: PodRules): readonly FieldError[] {
  const errors: FieldError[] = NUMBERS.flatMap((field) => validateNonNegative(spec[field], child(path, field)))
  if (spec.completionMode !== undefined)
    errors.push(...checkSupported(spec.completionMode, ['NonIndexed', 'Indexed'], child(path, 'completionMode')))
  if (spec.completionMode === 'Indexed' && spec.completions === undefined)
    errors.push(required(child(path, 'completions'), 'when completion mode is Indexed'))
  errors.push(...validatePodTemplate(spec.template, child(path, 'template'), rules))
  const policy = spec.template.spec.restartPolicy ?? ''
  const at = child(path, 'template', 'spec', 'restartPolicy')
  if (policy === 'Always' || (policy as string) === '')
    return [...errors, required(at, 'valid values: "OnFailure", "Never"')]
  if (policy !== 'OnFailure' && policy !== 'Never') return [...errors, notSupported(at, policy, ['OnFailure', 'Never'])]
  if (spec.podFailurePolicy === undefined || policy === 'Never') return errors
  return [...errors, invalid(at, policy, 'only "Never" is supported when podFailurePolicy is specified')]
}

export function validateCronJob(cronJob: CronJob): readonly FieldError[] {
  const errors = [...validateObjectMeta(cronJob.metadata, META), ...validateCronJobSpec(cronJob.spec, undefined)]
  // The Jobs' names are eleven characters longer, and a Job's name is a label.
  if (cronJob.metadata.name.length <= 52) return errors
  return [...errors, invalid('metadata.name', cronJob.metadata.name, 'must be no more than 52 characters')]
}

export const validateCronJobUpdate = (next: CronJob, previous: CronJob): readonly FieldError[] => [
  ...validateObjectMetaUpdate(next.metadata, previous.metadata),
  ...validateCronJobSpec(next.spec, previous.spec),
]

function validateCronJobSpec(spec: CronJobSpec, previous: CronJobSpec | undefined): readonly FieldError[] {
  const rules = previous === undefined ? TEMPLATE_RULES : rulesForTemplateUpdate(previous.jobTemplate.spec.template)
  return [
    ...validateSchedule(spec, previous?.schedule.includes('TZ') === true),
    ...validateNonNegative(spec.startingDeadlineSeconds, 'spec.startingDeadlineSeconds'),
    ...(previous !== undefined && previous.timeZone === spec.timeZone ? NONE : validateTimeZone(spec.timeZone)),
    ...requireSupported(spec.concurrencyPolicy, ['Allow', 'Forbid', 'Replace'], 'spec.concurrencyPolicy'),
    ...validateJobTemplate(spec.jobTemplate, rules),
    ...validateNonNegative(spec.successfulJobsHistoryLimit, 'spec.successfulJobsHistoryLimit'),
    ...validateNonNegative(spec.failedJobsHistoryLimit, 'spec.failedJobsHistoryLimit'),
  ]
}

function validateJobTemplate(template: CronJobSpec['jobTemplate'], rules: PodRules): readonly FieldError[] {
  const at = 'spec.jobTemplate.spec'
  const { selector, manualSelector } = template.spec
  const errors = [...validateJobSpec(template.spec, at, rules)]
  if (selector !== undefined)
    errors.push(invalid(child(at, 'selector'), shownSelector(selector), '`selector` will be auto-generated'))
  return manualSelector === true ? [...errors, notSupported(child(at, 'manualSelector'), true, [])] : errors
}

function validateSchedule(spec: CronJobSpec, allowZone: boolean): readonly FieldError[] {
  const { schedule = '', timeZone } = spec
  const at = 'spec.schedule'
  if (schedule === '') return [required(at)]
  const problem = parseCron(schedule)
  const errors: FieldError[] = problem === undefined ? [] : [invalid(at, schedule, problem)]
  if (!schedule.includes('TZ')) return errors
  if (!allowZone)
    return [...errors, invalid(at, schedule, 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead')]
  return timeZone === undefined
    ? errors
    : [...errors, invalid(at, schedule, 'cannot use both timeZone field and TZ or CRON_TZ in schedule')]
}

// Simplified: a zone is accepted by its form; whether it exists is not looked up.
function validateTimeZone(timeZone: string | undefined): readonly FieldError[] {
  if (timeZone === undefined) return NONE
  if (timeZone === '') return [invalid('spec.timeZone', timeZone, 'timeZone must be nil or non-empty string')]
  const fine = timeZone
    .split('/')
    .every((part) => /^[A-Za-z.\-_0-9+]{1,14}$/.test(part) && !part.startsWith('.') && !part.startsWith('-'))
  if (!fine || timeZone.toLowerCase() === 'local')
    return [
      invalid(
        'spec.timeZone',
        timeZone,
        fine
          ? 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones'
          : `unknown time zone ${timeZone}`,
      ),
    ]
  return NONE
}

/** Warnings of the template, on create and where the spec changed. */
export function jobWarnings(next: Job, previous: Job | undefined): readonly string[] {
  if (previous !== undefined && previous.metadata.generation === next.metadata.generation) return []
  return [
    ...(previous === undefined ? hostnameWarnings(next) : []),
    ...templateWarnings(next.spec.template, 'spec.template'),
  ]
}

export function cronJobWarnings(next: CronJob, previous: CronJob | undefined): readonly string[] {
  if (previous !== undefined && previous.metadata.generation === next.metadata.generation) return []
  const template = next.spec.jobTemplate.spec.template
  return [
    ...(previous === undefined ? hostnameWarnings(next) : []),
    ...templateWarnings(template, 'spec.jobTemplate.spec.template'),
  ]
}
