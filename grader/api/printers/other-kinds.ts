/** Kinds of the smaller groups in a table. Upstream: pkg/printers/internalversion/printers.go. */
import type { IntOrString } from '../apps.ts'
import { formatLabelSelector } from '../labels.ts'
import type { JsonObject, KubeObject, LabelSelector } from '../meta.ts'
import type {
  ClusterRoleBinding,
  CSIDriver,
  Lease,
  NetworkPolicy,
  PodDisruptionBudget,
  PriorityClass,
  RoleBinding,
  RuntimeClass,
  StorageClass,
} from '../other.ts'
import { AGE, ageOf, column, NAME, orElse, type Printer } from './printer.ts'

/** What a kind without a printer of its own gets. Upstream: rest.NewDefaultTableConvertor. */
export const defaultPrinter: Printer<KubeObject> = {
  columns: [NAME, { ...AGE, name: 'Created At', type: 'date' }],
  cells: (object) => [object.metadata.name, object.metadata.creationTimestamp],
}

export const podDisruptionBudgetPrinter: Printer<PodDisruptionBudget> = {
  columns: [
    NAME,
    column('Min Available', { description: 'The minimum number of pods that must be available.' }),
    column('Max Unavailable', { description: 'The maximum number of pods that may be unavailable.' }),
    column('Allowed Disruptions', {
      type: 'integer',
      description: 'Calculated number of pods that may be disrupted at this time.',
    }),
    AGE,
  ],
  cells: (pdb, now) => [
    pdb.metadata.name,
    amount(pdb.spec?.minAvailable),
    amount(pdb.spec?.maxUnavailable),
    pdb.status?.disruptionsAllowed ?? 0,
    ageOf(pdb, now),
  ],
}

const amount = (value: IntOrString | undefined): string => (value === undefined ? 'N/A' : String(value))

export const leasePrinter: Printer<Lease> = {
  columns: [NAME, column('Holder'), AGE],
  cells: (lease, now) => [lease.metadata.name, lease.spec?.holderIdentity ?? '', ageOf(lease, now)],
}

export const networkPolicyPrinter: Printer<NetworkPolicy> = {
  columns: [NAME, column('Pod-Selector'), AGE],
  cells: (policy, now) => [
    policy.metadata.name,
    formatLabelSelector((policy.spec?.podSelector ?? {}) as LabelSelector),
    ageOf(policy, now),
  ],
}

export const runtimeClassPrinter: Printer<RuntimeClass> = {
  columns: [NAME, column('Handler'), AGE],
  cells: (runtimeClass, now) => [runtimeClass.metadata.name, runtimeClass.handler, ageOf(runtimeClass, now)],
}

export const priorityClassPrinter: Printer<PriorityClass> = {
  columns: [
    NAME,
    column('Value', { type: 'integer' }),
    column('Global-Default', { type: 'boolean' }),
    AGE,
    column('PreemptionPolicy'),
  ],
  cells: (priorityClass, now) => [
    priorityClass.metadata.name,
    priorityClass.value,
    priorityClass.globalDefault ?? false,
    ageOf(priorityClass, now),
    priorityClass.preemptionPolicy ?? '',
  ],
}

/** RoleBindings and ClusterRoleBindings. */
export const bindingPrinter: Printer<RoleBinding | ClusterRoleBinding> = {
  columns: [
    NAME,
    column('Role'),
    AGE,
    column('Users', { wide: true, description: 'Users in the roleBinding' }),
    column('Groups', { wide: true, description: 'Groups in the roleBinding' }),
    column('ServiceAccounts', { wide: true, description: 'ServiceAccounts in the roleBinding' }),
  ],
  cells: (binding, now) => [
    binding.metadata.name,
    `${binding.roleRef.kind}/${binding.roleRef.name}`,
    ageOf(binding, now),
    subjects(binding, 'User'),
    subjects(binding, 'Group'),
    subjects(binding, 'ServiceAccount'),
  ],
}

function subjects(binding: RoleBinding, kind: string): string {
  return (binding.subjects ?? [])
    .filter((subject) => subject.kind === kind)
    .map((subject) =>
      kind === 'ServiceAccount' && subject.namespace !== undefined
        ? `${subject.namespace}/${subject.name}`
        : subject.name,
    )
    .join(', ')
}

const DEFAULT_CLASS_ANNOTATIONS = [
  'storageclass.kubernetes.io/is-default-class',
  'storageclass.beta.kubernetes.io/is-default-class',
]

export const storageClassPrinter: Printer<StorageClass> = {
  columns: [
    NAME,
    column('Provisioner'),
    column('ReclaimPolicy'),
    column('VolumeBindingMode'),
    column('AllowVolumeExpansion'),
    AGE,
  ],
  cells: (storageClass, now) => [
    `${storageClass.metadata.name}${isDefaultClass(storageClass) ? ' (default)' : ''}`,
    storageClass.provisioner,
    storageClass.reclaimPolicy ?? 'Delete',
    storageClass.volumeBindingMode ?? 'Immediate',
    storageClass.allowVolumeExpansion ?? false,
    ageOf(storageClass, now),
  ],
}

const isDefaultClass = (storageClass: StorageClass): boolean =>
  DEFAULT_CLASS_ANNOTATIONS.some((key) => storageClass.metadata.annotations?.[key] === 'true')

export const csiDriverPrinter: Printer<CSIDriver> = {
  columns: [
    NAME,
    column('AttachRequired', { type: 'boolean' }),
    column('PodInfoOnMount', { type: 'boolean' }),
    column('StorageCapacity', { type: 'boolean' }),
    column('TokenRequests'),
    column('RequiresRepublish', { type: 'boolean' }),
    column('Modes'),
    AGE,
  ],
  cells(driver, now) {
    const spec = driver.spec ?? {}
    const requests = spec.tokenRequests as readonly JsonObject[] | undefined
    return [
      driver.metadata.name,
      spec.attachRequired !== false,
      spec.podInfoOnMount === true,
      spec.storageCapacity === true,
      requests === undefined ? '<unset>' : requests.map((request) => String(request.audience ?? '')).join(','),
      spec.requiresRepublish === true,
      orElse(((spec.volumeLifecycleModes ?? []) as readonly string[]).join(','), '<none>'),
      ageOf(driver, now),
    ]
  },
}
