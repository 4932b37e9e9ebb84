// The stages that judge an object on its way into the store, each made elsewhere: decoding, defaults, admission, validation.
// Upstream's order: decode → defaults → mutating admission → strategy → validation → validating admission → store.
import { defaultObject } from '../../api/defaults/defaults.ts'
import type { FieldError } from '../../api/field-error.ts'
import type { JsonObject, KubeObject } from '../../api/meta.ts'
import { apiVersionOf, type Resource } from '../../api/resource-table.ts'
import { type Decoded, type DecodeOptions, decodeInto } from '../../api/schema/decode.ts'
import { type Definition, definitionOf } from '../../api/schema/schema.ts'
import { validateCreate, validateStatusUpdate, validateUpdate, warningsOf } from '../../api/validation/validation.ts'
import { type AdmissionContext, type AdmissionResult, mutate, validate } from './admission/admission.ts'

export interface Stages {
  /** The body as its kind's struct holds it; `unstructured` words errors as for the result of a strategic merge patch. */
  decode(resource: Resource, body: KubeObject, options: DecodeOptions): Decoded | undefined
  applyDefaults(resource: Resource, object: KubeObject): KubeObject
  /** First the plugins that change objects, then, once the object is whole, those that only judge. */
  mutate(context: AdmissionContext): AdmissionResult
  validate(context: AdmissionContext): AdmissionResult
  validateCreate(resource: Resource, object: KubeObject): readonly FieldError[]
  validateUpdate(resource: Resource, object: KubeObject, old: KubeObject): readonly FieldError[]
  validateStatusUpdate(resource: Resource, object: KubeObject, old: KubeObject): readonly FieldError[]
  warningsOf(resource: Resource, object: KubeObject, old: KubeObject | undefined): readonly string[]
}

const decodedBodies = new WeakMap<JsonObject, { readonly definition: Definition; readonly decoded: Decoded }>()

/** A body that comes again (the same file in the next story) is decoded once. */
function decodeOnce(definition: Definition, body: JsonObject, options: DecodeOptions): Decoded {
  if (options.source === 'unstructured' || options.duplicates !== undefined)
    return decodeInto(definition, body, options)
  const known = decodedBodies.get(body)
  if (known?.definition === definition) return known.decoded
  const decoded = decodeInto(definition, body, options)
  decodedBodies.set(body, { definition, decoded })
  defaulted.set(decoded.object, undefined)
  return decoded
}

/** What defaults made of the objects that decodeOnce knows. */
const defaulted = new WeakMap<object, KubeObject | undefined>()

function applyDefaults(resource: Resource, object: KubeObject): KubeObject {
  if (!defaulted.has(object)) return defaultObject(resource, object)
  const known = defaulted.get(object)
  if (known !== undefined) return known
  const made = defaultObject(resource, object)
  defaulted.set(object, made)
  return made
}

/** The stages of a real API server. */
export function standardStages(): Stages {
  return {
    decode(resource, body, options) {
      const definition = definitionOf(apiVersionOf(resource), resource.kind)
      return definition === undefined ? undefined : decodeOnce(definition, body as unknown as JsonObject, options)
    },
    applyDefaults,
    mutate,
    validate,
    validateCreate,
    validateUpdate,
    validateStatusUpdate,
    warningsOf,
  }
}
