/** kubectl apply --server-side. Upstream: k8s.io/kubectl/pkg/cmd/apply/apply.go (applyOneObject). */
import type { JsonObject } from '../../api/meta.ts'
import type { Invocation, Session } from '../command.ts'
import { Failure, fail, statusError } from '../failure.ts'
import { dryRunOf, printDone } from '../output.ts'
import type { Target } from '../selection.ts'
import { validationOf } from './file-flags.ts'

const ADVICE = `Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the \`--force-conflicts\` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts`

// Simplified: kubectl's own migration of client-side managers after the apply is left to the server's rules.
export function applyServerSide(session: Session, invocation: Invocation, target: Target): void {
  const { flags } = invocation
  const dryRun = dryRunOf(session, invocation)
  if (target.name === '') fail('name is required')
  const key =
    target.namespace === undefined ? { name: target.name } : { namespace: target.namespace, name: target.name }
  const result = session.client.patch(
    target.resource,
    key,
    { type: 'apply', body: target.object, force: flags.bool('force-conflicts') },
    {
      dryRun: dryRun === 'server',
      fieldManager: flags.changed('field-manager') ? flags.string('field-manager') : 'kubectl',
      fieldValidation: validationOf(invocation),
    },
  )
  session.warn(result.warnings)
  if (!result.ok) {
    if (result.status.reason === 'Conflict') fail(`${result.status.message}\n${ADVICE}`)
    throw new Failure([statusError(result.status)])
  }
  const object = result.value as unknown as JsonObject
  printDone(session, invocation, { ...target, object, operation: 'serverside-applied', dryRun })
}
