/** What kubectl get's flags say about its tables. Upstream: k8s.io/kubectl/pkg/cmd/get/humanreadable_flags.go. */
import type { Resource } from '../../api/resource-table.ts'
import type { Invocation, Session } from '../command.ts'
import type { TableOptions } from '../print/table.ts'

/** What the flags say about the columns of a table of one resource. */
export function tableOptions(
  session: Session,
  { flags }: Invocation,
  about: { readonly withKind: boolean; readonly resource: Resource },
): TableOptions {
  return {
    wide: flags.string('output') === 'wide',
    noHeaders: flags.bool('no-headers'),
    withNamespace: flags.bool('all-namespaces') && about.resource.namespaced,
    withKind: about.withKind,
    showLabels: flags.bool('show-labels'),
    labelColumns: flags.list('label-columns'),
    now: session.now(),
  }
}
