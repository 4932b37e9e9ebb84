/** kubectl create deployment, job, cronjob. Upstream: k8s.io/kubectl/pkg/cmd/create/create_{deployment,job,cronjob}.go. */
import type { Json, JsonObject } from '../../api/meta.ts'
import { cronJobs, deployments, jobs, type Resource } from '../../api/resource-table.ts'
import type { Invocation, Session } from '../command.ts'
import { fail, failUsage } from '../failure.ts'
import { flag } from '../flags.ts'
import { isObject } from '../manifest-input.ts'
import { containerNameOf, type Generator, metadata } from './generator.ts'

const afterDash = ({ args, argsBeforeDash }: Invocation): readonly string[] =>
  argsBeforeDash === undefined ? [] : args.slice(argsBeforeDash)

export const createDeployment: Generator = {
  name: 'deployment',
  aliases: ['deploy'],
  summary: 'Create a deployment with the specified name',
  usage: 'NAME --image=image -- [COMMAND] [args...]',
  required: ['image'],
  flags: [
    flag('image', 'list', 'Image names to run. A deployment can have multiple images set for multi-container pod.'),
    flag('port', 'int32', 'The containerPort that this deployment exposes.', { default: '-1' }),
    flag('replicas', 'int32', 'Number of replicas to create. Default is 1.', { short: 'r', default: '1' }),
  ],
  resource: deployments as Resource,
  refusal: 'failed to create deployment:',
  make(_session, invocation, name) {
    const { flags } = invocation
    const images = flags.list('image')
    const command = afterDash(invocation)
    if (images.length > 1 && command.length > 0) fail(`cannot specify multiple --image options and command`)
    const port = flags.number('port')
    const labels = { app: name }
    const containers = images.map((image, i) => ({
      name: images.length === 1 ? containerNameOf(image) : uniqueName(images, i),
      image,
      ...(command.length === 0 ? {} : { command }),
      ...(port > 0 && i === 0 ? { ports: [{ containerPort: port }] } : {}),
      resources: {},
    }))
    return {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: metadata(name, { labels }),
      spec: {
        replicas: flags.number('replicas'),
        selector: { matchLabels: labels },
        strategy: {},
        template: { metadata: { creationTimestamp: null, labels }, spec: { containers } },
      },
      status: {},
    }
  },
}

/** Upstream appends random letters to names that occur twice; ours are numbered, so that a story stays the same. */
function uniqueName(images: readonly string[], i: number): string {
  const name = containerNameOf(images[i]!)
  const before = images.slice(0, i).filter((image) => containerNameOf(image) === name).length
  return before === 0 ? name : `${name}-${before}`
}

export const createJob: Generator = {
  name: 'job',
  summary: 'Create a job with the specified name',
  usage: 'NAME --image=image [--from=cronjob/name] -- [COMMAND] [args...]',
  flags: [
    flag('from', 'string', 'The name of the resource to create a Job from (only cronjob is supported).'),
    flag('image', 'string', 'Image name to run.'),
  ],
  resource: jobs as Resource,
  refusal: 'failed to create job:',
  make(session, invocation, name) {
    const { flags, path } = invocation
    const [image, from] = [flags.string('image'), flags.string('from')]
    if ((image === '') === (from === '')) failUsage(path, 'either --image or --from must be specified')
    const command = afterDash(invocation)
    if (from !== '' && command.length > 0) failUsage(path, 'cannot specify --from and command')
    return from === '' ? jobObject(name, image, command) : jobFrom(session, name, from)
  },
}

function jobObject(name: string, image: string, command: readonly string[]): JsonObject {
  const container = { name, image, ...(command.length === 0 ? {} : { command }), resources: {} }
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: metadata(name),
    spec: {
      template: { metadata: { creationTimestamp: null }, spec: { containers: [container], restartPolicy: 'Never' } },
    },
    status: {},
  }
}

function jobFrom(session: Session, name: string, from: string): JsonObject {
  const [type = '', cronJob = ''] = from.includes('/') ? from.split('/') : ['cronjob', from]
  if (!['cronjob', 'cronjobs', 'cj', 'cronjob.batch', 'cronjobs.batch'].includes(type))
    fail(`from must be an existing cronjob`)
  const found = session.expect(
    session.client.get(cronJobs, { namespace: session.namespace, name: cronJob }),
  ) as unknown as JsonObject
  const template = isObject(found.spec) && isObject(found.spec.jobTemplate) ? found.spec.jobTemplate : {}
  const inner: JsonObject = isObject(template.metadata) ? template.metadata : {}
  const { uid } = found.metadata as { readonly uid: string }
  const annotations = {
    ...(isObject(inner.annotations) ? inner.annotations : {}),
    'cronjob.kubernetes.io/instantiate': 'manual',
  }
  const owner: Json = {
    apiVersion: 'batch/v1',
    blockOwnerDeletion: true,
    controller: true,
    kind: 'CronJob',
    name: cronJob,
    uid,
  }
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: metadata(name, {
      annotations,
      ...(inner.labels === undefined ? {} : { labels: inner.labels }),
      ownerReferences: [owner],
    }),
    spec: (template.spec ?? {}) as JsonObject,
    status: {},
  }
}

export const createCronJob: Generator = {
  name: 'cronjob',
  aliases: ['cj'],
  summary: 'Create a cron job with the specified name',
  usage: "NAME --image=image --schedule='0/5 * * * ?' -- [COMMAND] [args...] [flags]",
  required: ['image', 'schedule'],
  flags: [
    flag('image', 'string', 'Image name to run.'),
    flag('restart', 'string', "job's restart policy. supported values: OnFailure, Never"),
    flag('schedule', 'string', 'A schedule in the Cron format the job should be run with.'),
  ],
  resource: cronJobs as Resource,
  refusal: 'failed to create cronjob:',
  make(_session, invocation, name) {
    const { flags } = invocation
    const command = afterDash(invocation)
    const container = {
      name,
      image: flags.string('image'),
      ...(command.length === 0 ? {} : { command }),
      resources: {},
    }
    const restartPolicy = flags.string('restart') === '' ? 'OnFailure' : flags.string('restart')
    return {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: metadata(name),
      spec: {
        jobTemplate: {
          metadata: { creationTimestamp: null, name },
          spec: {
            template: { metadata: { creationTimestamp: null }, spec: { containers: [container], restartPolicy } },
          },
        },
        schedule: flags.string('schedule'),
      },
      status: {},
    }
  },
}
