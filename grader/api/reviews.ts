// Resources that are only asked, never stored: access reviews. Upstream: k8s.io/api/{authorization,authentication}/v1.
import type { JsonObject, KubeObject } from './meta.ts'
import type { Resource } from './resource-table.ts'

/** A question and, in the answer, its status. */
export interface Review extends KubeObject {
  readonly spec?: JsonObject
  readonly status?: JsonObject
}

function review(group: string, kind: string, namespaced = false): Resource<Review> {
  const singular = kind.toLowerCase()
  return {
    group,
    version: 'v1',
    kind,
    plural: `${singular}s`,
    singular,
    shortNames: [],
    categories: [],
    namespaced,
    subresources: [],
  }
}

const AUTHORIZATION = 'authorization.k8s.io'

export const selfSubjectAccessReviews = review(AUTHORIZATION, 'SelfSubjectAccessReview')
export const selfSubjectRulesReviews = review(AUTHORIZATION, 'SelfSubjectRulesReview')
export const subjectAccessReviews = review(AUTHORIZATION, 'SubjectAccessReview')
export const localSubjectAccessReviews = review(AUTHORIZATION, 'LocalSubjectAccessReview', true)
export const selfSubjectReviews = review('authentication.k8s.io', 'SelfSubjectReview')

/** Create is the only verb of these. */
export const REVIEW_RESOURCES: readonly Resource<Review>[] = [
  localSubjectAccessReviews,
  selfSubjectAccessReviews,
  selfSubjectRulesReviews,
  subjectAccessReviews,
  selfSubjectReviews,
]
