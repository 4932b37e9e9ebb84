// The stages that judge an object on its way into the store, each made elsewhere: decoding, defaults, admission, validation.
// Upstream's order: decode → defaults → mutating admission → strategy → validation → validating admission → store.
import { defaultObject } from '../../api/defaults/defaults.ts'
import type { FieldError } from '../../api/field-error.ts'
import type { JsonObject, KubeObject } from '../../api/meta.ts'
import { apiVersionOf, type Resource } from '../../api/resource-table.ts'
import { type Decoded, type DecodeOptions, decodeInto } from '../../api/schema/decode.ts'
import { definitionOf } from '../../api/schema/schema.ts'
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

/** The stages of a real API server. */
export function standardStages(): Stages {
  return {
    decode(resource, body, options) {
      const definition = definitionOf(apiVersionOf(resource), resource.kind)
      return definition === undefined ? undefined : decodeInto(definition, body as unknown as JsonObject, options)
    },
    applyDefaults: defaultObject,
    mutate,
    validate,
    validateCreate,
    validateUpdate,
    validateStatusUpdate,
    warningsOf,
  }
}
