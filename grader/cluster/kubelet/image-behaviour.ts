// What the containers of an image do. Upstream has no such part: it is the program inside the image.
import { type ImageBehaviour, SPECIAL_IMAGES } from '../cluster-config.ts'
import type { ContainerRecord } from './container.ts'

const NO_BEHAVIOUR: ImageBehaviour = {}

/** Looks up how a container behaves: by the cluster's own images, then by those that every cluster knows. */
export type Behaviours = (container: ContainerRecord) => ImageBehaviour

export function behavioursOf(images: Readonly<Record<string, ImageBehaviour>>): Behaviours {
  return ({ spec: { image = '' } }) => images[image] ?? SPECIAL_IMAGES[image] ?? NO_BEHAVIOUR
}
