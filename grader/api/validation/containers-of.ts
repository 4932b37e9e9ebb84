import type { Container, PodSpec } from '../core.ts'
import { child, type FieldPath, index } from '../field-path.ts'

/** All containers with their paths: init, regular, ephemeral. Upstream: VisitContainersWithPath. */
export function containersOf(spec: PodSpec, path: FieldPath): readonly (readonly [Container, FieldPath])[] {
  return (['initContainers', 'containers', 'ephemeralContainers'] as const).flatMap((field) =>
    (spec[field] ?? []).map((container, i) => [container, index(child(path, field), i)] as const),
  )
}
