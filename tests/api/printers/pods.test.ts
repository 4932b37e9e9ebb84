import { describe, expect, it } from 'vitest'
import type { ContainerStatus, Pod, PodSpec, PodStatus } from '../../../grader/api/core.ts'
import { podPrinter, summarizePod } from '../../../grader/api/printers/pods.ts'

const NOW = 1_767_225_600_000

interface PodParts {
  readonly spec?: Partial<PodSpec>
  readonly status?: PodStatus
  readonly deleted?: true
}

function pod({ spec, status, deleted }: PodParts): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'agent-x',
      namespace: 'default',
      uid: 'u',
      resourceVersion: '1',
      creationTimestamp: '2025-12-31T23:59:55Z',
      ...(deleted === undefined ? {} : { deletionTimestamp: '2025-12-31T23:59:58Z' }),
    },
    spec: { containers: [{ name: 'a' }], ...spec },
    status: { phase: 'Running', ...status },
  }
}

const container = (state: ContainerStatus['state'], more: Partial<ContainerStatus> = {}): ContainerStatus => ({
  name: 'a',
  ready: false,
  restartCount: 0,
  image: 'i',
  imageID: '',
  ...(state === undefined ? {} : { state }),
  ...more,
})
const running = container({ running: {} }, { ready: true })
const exited = (exitCode: number, reason?: string) =>
  container({ terminated: { exitCode, ...(reason === undefined ? {} : { reason }) } })
const waiting = (reason: string) => container({ waiting: { reason } })
const ready = [{ type: 'Ready', status: 'True' as const }]
const two = { containers: [{ name: 'a' }, { name: 'b' }] }
const init = { initContainers: [{ name: 'a' }, { name: 'b' }] }

describe('the columns READY, STATUS and RESTARTS of a Pod', () => {
  it.each<[string, PodParts, string]>([
    ['a Pod that is not bound shows its phase', { status: { phase: 'Pending' } }, '0/1 Pending'],
    ['a ready container counts', { status: { containerStatuses: [running] } }, '1/1 Running'],
    [
      'a waiting reason is the status',
      { status: { containerStatuses: [waiting('CrashLoopBackOff')] } },
      '0/1 CrashLoopBackOff',
    ],
    [
      'the first container in trouble wins',
      { spec: two, status: { containerStatuses: [waiting('A'), waiting('B')] } },
      '0/2 A',
    ],
    ['an exit without a reason shows its code', { status: { containerStatuses: [exited(3)] } }, '0/1 ExitCode:3'],
    [
      'a signal shows its number',
      { status: { containerStatuses: [container({ terminated: { exitCode: 137, signal: 9 } })] } },
      '0/1 Signal:9',
    ],
    [
      'the reason of the Pod stands before its phase',
      { status: { phase: 'Failed', reason: 'Evicted' } },
      '0/1 Evicted',
    ],
    [
      'a gated Pod says so',
      {
        status: {
          phase: 'Pending',
          conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }],
        },
      },
      '0/1 SchedulingGated',
    ],
    ['a deleted Pod is Terminating', { deleted: true, status: { containerStatuses: [running] } }, '1/1 Terminating'],
    [
      'a deleted Pod that has ended keeps its end',
      { deleted: true, status: { phase: 'Succeeded', containerStatuses: [exited(0, 'Completed')] } },
      '0/1 Completed',
    ],
    ['a deleted Pod on a lost Node is Unknown', { deleted: true, status: { reason: 'NodeLost' } }, '0/1 Unknown'],
    [
      'one completed container beside a ready one: Running',
      { spec: two, status: { conditions: ready, containerStatuses: [exited(0, 'Completed'), running] } },
      '1/2 Running',
    ],
    [
      'one completed container in a Pod that is not ready: NotReady',
      { spec: two, status: { containerStatuses: [exited(0, 'Completed'), running] } },
      '1/2 NotReady',
    ],
    [
      'a failed container outweighs a completed one',
      { spec: two, status: { containerStatuses: [exited(0, 'Completed'), exited(1, 'Error')] } },
      '0/2 Error',
    ],
    [
      'init containers are counted while they wait',
      { spec: init, status: { phase: 'Pending', initContainerStatuses: [exited(0), waiting('PodInitializing')] } },
      '0/1 Init:1/2',
    ],
    [
      'an init container in trouble shows its reason',
      { spec: init, status: { phase: 'Pending', initContainerStatuses: [waiting('ErrImagePull')] } },
      '0/1 Init:ErrImagePull',
    ],
    [
      'a failed init container shows its reason',
      { spec: init, status: { phase: 'Pending', initContainerStatuses: [exited(1, 'Error')] } },
      '0/1 Init:Error',
    ],
    [
      'a failed init container without a reason shows its code',
      { spec: init, status: { phase: 'Pending', initContainerStatuses: [exited(2)] } },
      '0/1 Init:ExitCode:2',
    ],
    [
      'a started sidecar counts as a container',
      {
        spec: { initContainers: [{ name: 'a', restartPolicy: 'Always' }] },
        status: { initContainerStatuses: [{ ...running, started: true }], containerStatuses: [running] },
      },
      '2/2 Running',
    ],
  ])('%s', (_, parts, expected) => {
    const summary = summarizePod(pod(parts))
    expect(`${summary.ready}/${summary.total} ${summary.status}`).toBe(expected)
  })

  it('restarts tell how long ago the last one was', () => {
    const crashed = { lastState: { terminated: { exitCode: 1, finishedAt: '2025-12-31T23:59:30Z' } }, restartCount: 3 }
    expect(podPrinter.cells(pod({ status: { containerStatuses: [{ ...running, ...crashed }] } }), NOW)[3]).toBe(
      '3 (30s ago)',
    )
  })

  it('wide cells show <none> for what is not known yet', () => {
    expect(podPrinter.cells(pod({ status: { phase: 'Pending' } }), NOW)).toEqual([
      'agent-x',
      '0/1',
      'Pending',
      '0',
      '5s',
      '<none>',
      '<none>',
      '<none>',
      '<none>',
    ])
  })

  it('readiness gates are counted by their conditions', () => {
    const gated = pod({
      spec: { readinessGates: [{ conditionType: 'g1' }, { conditionType: 'g2' }] },
      status: { conditions: [{ type: 'g1', status: 'True' }] },
    })
    expect(podPrinter.cells(gated, NOW)[8]).toBe('1/2')
  })
})
