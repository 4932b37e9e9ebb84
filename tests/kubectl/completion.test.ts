import { describe, expect, it } from 'vitest'
import { createStandardCluster } from '../../grader/cluster/standard-cluster.ts'
import { completeLine } from '../../grader/kubectl/completion.ts'
import { runKubectl } from '../../grader/kubectl/run.ts'
import { DAEMON_SET } from './small-cluster.ts'

describe('the tab key', () => {
  const cluster = createStandardCluster({ seed: 1, images: {}, disks: {} })
  runKubectl({
    line: 'apply -f ds.yaml',
    files: { 'ds.yaml': DAEMON_SET },
    client: cluster.client(),
    waiter: cluster.waiter,
  })
  const complete = (line: string) => completeLine({ line, client: cluster.client(), files: ['ds.yaml'] }).candidates
  it.each([
    ['kubectl desc', ['describe']],
    ['kubectl rollout re', ['restart', 'resume']],
    ['kubectl get daemons', ['daemonset.apps', 'daemonsets.apps']],
    ['kubectl get ds ', ['agent']],
    ['kubectl rollout status ds/', ['ds/agent']],
    ['kubectl apply -f ', ['ds.yaml']],
    ['kubectl get ds -o y', ['yaml']],
    ['kubectl drain --ignore', ['--ignore-daemonsets']],
    ['kubectl -n kube-s', ['kube-system']],
  ])('%s', (line, candidates) => {
    expect(complete(line)).toEqual(candidates)
  })
})
