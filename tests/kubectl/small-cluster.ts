// A cluster of two Nodes, and kubectl at its prompt.
import { createStandardCluster } from '../../grader/cluster/standard-cluster.ts'
import { type KubectlOptions, type KubectlResult, runKubectl } from '../../grader/kubectl/run.ts'

export const DAEMON_SET = `apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: agent
spec:
  selector:
    matchLabels: {app: agent}
  template:
    metadata:
      labels: {app: agent}
    spec:
      containers:
        - name: agent
          image: registry.example/agent:1
`

const node = (name: string): string => `apiVersion: v1
kind: Node
metadata:
  name: ${name}
  annotations: {kwok.x-k8s.io/node: fake}
  labels: {kubernetes.io/hostname: ${name}, kubernetes.io/os: linux}
status:
  capacity: {cpu: "4", memory: 8Gi, pods: "110"}
  allocatable: {cpu: "4", memory: 8Gi, pods: "110"}
`

export interface Prompt {
  (line: string, more?: Partial<KubectlOptions>): KubectlResult
  settle(): void
}

/** kubectl against a fresh cluster; `files` may be named by its lines. */
export function promptOf(files: Readonly<Record<string, string>> = {}): Prompt {
  const cluster = createStandardCluster({ seed: 1, images: {}, disks: {} })
  const all = { 'ds.yaml': DAEMON_SET, 'nodes.yaml': `${node('w-1')}---\n${node('w-2')}`, ...files }
  const run = (line: string, more: Partial<KubectlOptions> = {}): KubectlResult => {
    const result = runKubectl({ line, client: cluster.client(), waiter: cluster.waiter, files: all, ...more })
    cluster.runDue()
    return result
  }
  run('kubectl create -f nodes.yaml')
  cluster.settle()
  return Object.assign(run, { settle: cluster.settle })
}
