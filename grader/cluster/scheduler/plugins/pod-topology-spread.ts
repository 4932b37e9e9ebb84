import type { Pod } from '../../../api/core.ts'
export function podMatchesSpreadSelector(_pod: Pod, _waiting: Pod): boolean { return true }
