/**
 * The one thing that kubectl itself checks of an object before it asks the server: that its metadata is metadata.
 * Upstream: k8s.io/cli-runtime/pkg/resource/metadata_decoder.go.
 */
import type { JsonObject } from '../api/meta.ts'
import { decodeInto } from '../api/schema/decode.ts'
import type { Definition } from '../api/schema/schema.ts'
import { definitionOf } from '../api/schema/schema.ts'

let partial: Definition | undefined

function partialObjectMetadata(): Definition {
  const metadata = definitionOf('v1', 'ConfigMap')?.fields.get('metadata')
  partial ??= {
    name: 'io.k8s.apimachinery.pkg.apis.meta.v1.PartialObjectMetadata',
    struct: 'PartialObjectMetadata',
    fields: new Map(metadata === undefined ? [] : [['metadata', metadata]]),
    kinds: [],
    required: [],
  }
  return partial
}

/**
 * Why kubectl refuses the object: `json: cannot unmarshal string into Go struct field ObjectMeta.metadata.labels of type
 * map[string]string`; it prints `error: unable to decode "ds.yaml": ` before it. Undefined if the metadata is sound.
 */
export function metadataError(object: JsonObject): string | undefined {
  return object.metadata === undefined
    ? undefined
    : decodeInto(partialObjectMetadata(), { metadata: object.metadata }).error?.text
}
