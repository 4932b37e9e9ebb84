// The one door to the grader: everything outside grader/ (site, command line, workshop) enters here.
export { type Cluster } from './cluster/cluster.ts'
export { createStandardCluster } from './cluster/standard-cluster.ts'
export { createHandler, type Handler, type HandlerOptions } from './http/handler.ts'
