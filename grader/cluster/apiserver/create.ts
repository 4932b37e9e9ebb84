// POST. Upstream: apiserver/pkg/endpoints/handlers/create.go, registry/rest/create.go, registry/generic/registry/store.go.
import {
  type ApiResult,
  type ApiStatus,
  alreadyExistsStatus,
  badRequestStatus,
  internalErrorStatus,
  invalidStatus,
} from '../../api/api-status.ts'
import type { FieldError } from '../../api/field-error.ts'
import type { KubeObject, ObjectKey } from '../../api/meta.ts'
import { apiVersionOf, type Resource } from '../../api/resource-table.ts'
import { decodeBody } from './decoding.ts'
import { trackCreate } from './field-management.ts'
import { admitIn, answer, type Call, commit, draftOf, refuse } from './request.ts'
import { strategyOf } from './strategy/strategies.ts'
import type { Draft } from './strategy/strategy.ts'
import { isLikeValidPod, rememberValid } from './valid-pods.ts'

/** Longest base of a generated name: with 5 characters more it is a DNS label. */
const MAX_GENERATED_NAME_BASE = 58
const SUFFIX_LENGTH = 5
const NAME_ATTEMPTS = 8

/** Makes a new object from what a client sent. Fails with every status that a POST can answer. */
export function createFrom<T extends KubeObject>(call: Call<T>, body: KubeObject): ApiResult<T> {
  const decoded = decodeBody(call, body)
  if (!decoded.ok) return refuse(call, decoded.status)
  const mismatch = keyMismatch(call, decoded.object)
  if (mismatch !== undefined) return refuse(call, mismatch)
  return createObject(call, decoded.object)
}

/** Stores a decoded object that does not exist yet: also how apply and some updates create. */
export function createObject<T extends KubeObject>(call: Call<T>, decoded: KubeObject): ApiResult<T> {
  const { resource, server } = call
  const { stages } = server
  const defaulted = trackCreate(call, stages.applyDefaults(resource, decoded))
  const admitted = admitIn(call, 'mutate', { operation: 'create', object: inNamespace(call, defaulted) })
  if (!admitted.ok) return refuse(call, admitted.status)
  const draft = draftOf(admitted.object)
  const problem = fillSystemFields(call, draft)
  if (problem !== undefined) return refuse(call, problem)
  const strategy = strategyOf(resource)
  strategy.prepareForCreate?.(draft)
  const errors = validate(call, draft)
  if (errors.length > 0) return refuse(call, invalidStatus(resource, draft.metadata.name, errors))
  if (call.caller.component !== true) call.warnings.push(...stages.warningsOf(resource, draft, undefined))
  strategy.canonicalize?.(draft)
  const validated = admitIn(call, 'validate', { operation: 'create', object: draft })
  if (!validated.ok) return refuse(call, validated.status)
  // The storage says this, which a dry run never reaches. Upstream: etcd3's Create, DryRunnableStorage.
  if (call.options.dryRun !== true && (draft.metadata.resourceVersion ?? '') !== '')
    return refuse(call, resourceVersionOnCreate())
  // A generated name was looked up when it was made.
  if ((decoded.metadata.name ?? '') !== '' && exists(call, draft)) return refuse(call, alreadyExists(resource, draft))
  return answer(call, call.options.dryRun === true ? draft : commit(call, 'create', draft, undefined))
}

function validate({ server, resource, caller }: Call, draft: Draft): readonly FieldError[] {
  const fromTemplate = caller.component === true && resource.plural === 'pods'
  if (fromTemplate && isLikeValidPod(draft)) return []
  const errors = server.stages.validateCreate(resource, draft)
  if (fromTemplate && errors.length === 0) rememberValid(draft)
  return errors
}

/** The URL and the body must name the same object. Upstream: rest.EnsureObjectNamespaceMatchesRequestNamespace. */
function keyMismatch({ resource, options }: Call, { metadata }: KubeObject): ApiStatus | undefined {
  const { key } = options
  if (
    key !== undefined &&
    key.namespace !== metadata.namespace &&
    resource.namespaced &&
    metadata.namespace !== undefined
  ) {
    return badRequestStatus('the namespace of the provided object does not match the namespace sent on the request')
  }
  if (resource.namespaced && (metadata.namespace ?? key?.namespace ?? '') === '') {
    return badRequestStatus('an empty namespace may not be set during creation')
  }
  return undefined
}

/** A body without a namespace is meant for the one in the URL. */
function inNamespace({ resource, options }: Call, object: KubeObject): KubeObject {
  const namespace = options.key?.namespace
  if (!resource.namespaced || namespace === undefined || (object.metadata.namespace ?? '') !== '') return object
  return { ...object, metadata: { ...object.metadata, namespace } }
}

const exists = ({ server, resource }: Call, { metadata }: Draft): boolean =>
  server.store.get(resource, metadata) !== undefined

/** What the server alone may fill in. Upstream: rest.FillObjectMetaSystemFields, names.SimpleNameGenerator. */
function fillSystemFields(call: Call, draft: Draft): ApiStatus | undefined {
  const { metadata } = draft
  const { resource, server } = call
  draft.apiVersion = apiVersionOf(resource)
  draft.kind = resource.kind
  metadata.uid = server.random.uid()
  metadata.creationTimestamp = server.clock.timestamp()
  if (metadata.deletionTimestamp !== undefined) delete metadata.deletionTimestamp
  if (metadata.deletionGracePeriodSeconds !== undefined) delete metadata.deletionGracePeriodSeconds
  if (metadata.generation !== undefined) delete metadata.generation
  if (!resource.namespaced && metadata.namespace !== undefined) delete metadata.namespace
  metadata.name ??= ''
  if (metadata.name !== '' || (metadata.generateName ?? '') === '') return undefined
  const base = metadata.generateName!.slice(0, MAX_GENERATED_NAME_BASE)
  for (let attempt = 0; attempt < NAME_ATTEMPTS; attempt++) {
    metadata.name = base + server.random.suffix(SUFFIX_LENGTH)
    if (!exists(call, draft)) return undefined
  }
  return generatedNameConflict(resource, metadata)
}

const resourceVersionOnCreate = (): ApiStatus => ({
  ...internalErrorStatus(''),
  reason: '',
  message: 'resourceVersion should not be set on objects to be created',
  details: {},
})

function generatedNameConflict(resource: Resource, key: ObjectKey): ApiStatus {
  const status = alreadyExistsStatus(resource, key.name)
  return {
    ...status,
    message: `${status.message}, the server was not able to generate a unique name for the object`,
    details: { ...status.details, retryAfterSeconds: 1 },
  }
}

function alreadyExists(resource: Resource, { metadata }: Draft): ApiStatus {
  return alreadyExistsStatus(resource, metadata.name)
}
