// The stages that judge an object on its way into the store, each made elsewhere: decoding, defaults, admission, validation.
// Upstream's order: decode → defaults → mutating admission → strategy → validation → validating admission → store.
import type { UserInfo, WriteOptions } from '../../api/api-client.ts'
import type { ApiStatus } from '../../api/api-status.ts'
import type { FieldError } from '../../api/field-error.ts'
import type { KubeObject } from '../../api/meta.ts'
import type { Decoded, DecodeOptions } from '../../api/schema/decode.ts'
import type { Resource, Subresource } from '../../api/resource-table.ts'

export type FieldValidation = NonNullable<WriteOptions['fieldValidation']>

/** What is being asked of the plugins. `object` is absent for DELETE. */
export interface AdmissionRequest {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE'
  readonly resource: Resource
  readonly subresource?: Subresource
  readonly namespace?: string
  readonly name: string
  readonly object?: KubeObject
  readonly old?: KubeObject
  readonly user: UserInfo
  readonly dryRun: boolean
}

export type AdmissionVerdict =
  | { readonly ok: true; readonly object?: KubeObject; readonly warnings?: readonly string[] }
  | { readonly ok: false; readonly status: ApiStatus; readonly warnings?: readonly string[] }

export interface Stages {
  /** The body as its kind's struct holds it; `unstructured` words errors as for the result of a strategic merge patch. */
  decode(resource: Resource, body: KubeObject, options: DecodeOptions): Decoded | undefined
  applyDefaults(resource: Resource, object: KubeObject): KubeObject
  /** First the plugins that change objects, then, once the object is whole, those that only judge. */
  admitMutating(request: AdmissionRequest): AdmissionVerdict
  admitValidating(request: AdmissionRequest): AdmissionVerdict
  validateCreate(resource: Resource, object: KubeObject): readonly FieldError[]
  validateUpdate(resource: Resource, object: KubeObject, old: KubeObject): readonly FieldError[]
  validateStatusUpdate(resource: Resource, object: KubeObject, old: KubeObject): readonly FieldError[]
  warningsOf(resource: Resource, object: KubeObject, old: KubeObject | undefined): readonly string[]
}

const NOTHING: readonly never[] = []

/** Stages that let everything through. */
export const PASS_THROUGH: Stages = {
  decode: () => undefined,
  applyDefaults: (_resource, object) => object,
  admitMutating: () => ({ ok: true }),
  admitValidating: () => ({ ok: true }),
  validateCreate: () => NOTHING,
  validateUpdate: () => NOTHING,
  validateStatusUpdate: () => NOTHING,
  warningsOf: () => NOTHING,
}
