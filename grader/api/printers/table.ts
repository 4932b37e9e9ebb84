/**
 * Server-side printing: objects of one resource as a metav1.Table. The HTTP handler answers with it, our kubectl prints it.
 * Upstream: k8s.io/apiserver/pkg/registry/rest/table.go, pkg/printers/storage/storage.go.
 */
import type { KubeObject } from '../meta.ts'
import type { Resource } from '../resource-table.ts'
import * as resources from '../resource-table.ts'
import {
  configMapPrinter,
  eventPrinter,
  namespacePrinter,
  nodePrinter,
  resourceQuotaPrinter,
  secretPrinter,
  serviceAccountPrinter,
  servicePrinter,
} from './core-kinds.ts'
import {
  bindingPrinter,
  csiDriverPrinter,
  defaultPrinter,
  leasePrinter,
  networkPolicyPrinter,
  podDisruptionBudgetPrinter,
  priorityClassPrinter,
  runtimeClassPrinter,
  storageClassPrinter,
} from './other-kinds.ts'
import { podPrinter } from './pods.ts'
import type { Printer, TableCell, TableColumn, TableRowCondition } from './printer.ts'
import {
  controllerRevisionPrinter,
  cronJobPrinter,
  daemonSetPrinter,
  deploymentPrinter,
  jobPrinter,
  replicaSetPrinter,
} from './workloads.ts'

export interface TableRow<T extends KubeObject = KubeObject> {
  readonly cells: readonly TableCell[]
  readonly conditions?: readonly TableRowCondition[]
  /** The whole object; the HTTP handler sends as much of it as the client asks for. */
  readonly object: T
}

export interface Table<T extends KubeObject = KubeObject> {
  readonly columnDefinitions: readonly TableColumn[]
  readonly rows: readonly TableRow<T>[]
}

const PRINTERS = new Map<Resource, Printer<KubeObject>>()

function register<T extends KubeObject>(resource: Resource<T>, printer: Printer<T>): void {
  PRINTERS.set(resource as Resource, printer as unknown as Printer<KubeObject>)
}

register(resources.configMaps, configMapPrinter)
register(resources.events, eventPrinter)
register(resources.namespaces, namespacePrinter)
register(resources.nodes, nodePrinter)
register(resources.pods, podPrinter)
register(resources.resourceQuotas, resourceQuotaPrinter)
register(resources.secrets, secretPrinter)
register(resources.serviceAccounts, serviceAccountPrinter)
register(resources.services, servicePrinter)
register(resources.controllerRevisions, controllerRevisionPrinter)
register(resources.daemonSets, daemonSetPrinter)
register(resources.deployments, deploymentPrinter)
register(resources.replicaSets, replicaSetPrinter)
register(resources.cronJobs, cronJobPrinter)
register(resources.jobs, jobPrinter)
register(resources.leases, leasePrinter)
register(resources.networkPolicies, networkPolicyPrinter)
register(resources.runtimeClasses, runtimeClassPrinter)
register(resources.podDisruptionBudgets, podDisruptionBudgetPrinter)
register(resources.clusterRoleBindings, bindingPrinter)
register(resources.roleBindings, bindingPrinter)
register(resources.priorityClasses, priorityClassPrinter)
register(resources.csiDrivers, csiDriverPrinter)
register(resources.storageClasses, storageClassPrinter)

/** The columns of a resource, wide ones included (priority 1). */
export function columnsOf(resource: Resource): readonly TableColumn[] {
  return (PRINTERS.get(resource) ?? defaultPrinter).columns
}

/** The objects as a table, ages as of `now` (milliseconds since the epoch). Rows keep the order of the objects. */
export function tableOf<T extends KubeObject>(resource: Resource<T>, objects: readonly T[], now: number): Table<T> {
  const printer = (PRINTERS.get(resource as Resource) ?? defaultPrinter) as unknown as Printer<T>
  return { columnDefinitions: printer.columns, rows: objects.map((object) => rowOf(printer, object, now)) }
}

function rowOf<T extends KubeObject>(printer: Printer<T>, object: T, now: number): TableRow<T> {
  const conditions = printer.conditions?.(object)
  return { cells: printer.cells(object, now), ...(conditions === undefined ? {} : { conditions }), object }
}
