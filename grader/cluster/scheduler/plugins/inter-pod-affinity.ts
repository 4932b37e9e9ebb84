import type { Pod } from '../../../api/core.ts'
export function podMatchesAffinityTerms(_pod: Pod, _waiting: Pod): boolean { return true }
