import { describe, expect, it } from 'vitest'
import type { Event } from '../../../grader/api/core.ts'
import { events } from '../../../grader/api/resource-table.ts'
import type { Clock } from '../../../grader/cluster/clock.ts'
import { createEventRecorder, type EventRecorder } from '../../../grader/cluster/machinery/event-recorder.ts'
import { createEventsRecorder, type EventsRecorder } from '../../../grader/cluster/machinery/events-recorder.ts'
import { daemonSet, node, pod } from '../../support/build.ts'
import { type PartialCluster, partialCluster } from '../../support/partial-cluster.ts'

interface Setup {
  readonly cluster: PartialCluster
  readonly recorder: EventRecorder
  readonly newRecorder: EventsRecorder
  counts(): readonly (readonly [message: string, count: number | undefined])[]
  stored(): readonly Event[]
}

function setUp(): Setup {
  let clock: Clock | undefined
  const cluster = partialCluster([
    (parts) => {
      clock = parts.clock
    },
  ])
  const client = cluster.client()
  const stored = () => [...cluster.all<Event>(events)].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
  return {
    cluster,
    recorder: createEventRecorder({ client, clock: clock!, component: 'daemonset-controller' }),
    newRecorder: createEventsRecorder({ client, clock: clock!, controller: 'default-scheduler' }),
    stored,
    counts: () => stored().map(({ message = '', count }) => [message, count] as const),
  }
}

const ds = daemonSet()

describe('the recorder of controllers and kubelets', () => {
  it('counts an equal Event instead of writing another one', () => {
    const { recorder, counts } = setUp()
    for (let i = 0; i < 3; i++) recorder.event(ds, 'Normal', 'SuccessfulCreate', 'Created pod: a')
    expect(counts()).toEqual([['Created pod: a', 3]])
  })

  it('127: of a hundred similar Events nine are single, one is combined and counts to 16, the rest is dropped', () => {
    const { recorder, counts } = setUp()
    for (let i = 0; i < 100; i++) recorder.event(ds, 'Normal', 'SuccessfulCreate', `Created pod: ${i}`)
    expect(counts()).toEqual([
      ...Array.from({ length: 9 }, (_, i) => [`Created pod: ${i}`, 1]),
      ['(combined from similar events): Created pod: 24', 16],
    ])
  })

  it('gives Warnings a budget of their own', () => {
    const { recorder, counts } = setUp()
    for (let i = 0; i < 100; i++) recorder.event(ds, 'Normal', 'SuccessfulCreate', `Created pod: ${i}`)
    recorder.event(ds, 'Warning', 'FailedCreate', 'Error creating: x')
    expect(counts()).toHaveLength(11)
  })

  it('lets one more pass every 300 s, and its count shows what was dropped', () => {
    const { recorder, cluster, counts } = setUp()
    for (let i = 0; i < 40; i++) recorder.event(ds, 'Normal', 'Same', 'again')
    expect(counts()).toEqual([['again', 25]])
    cluster.advance(299)
    recorder.event(ds, 'Normal', 'Same', 'again')
    expect(counts()).toEqual([['again', 25]])
    cluster.advance(1)
    recorder.event(ds, 'Normal', 'Same', 'again')
    expect(counts()).toEqual([['again', 42]])
  })

  it('starts to aggregate afresh after ten quiet minutes', () => {
    const { recorder, cluster, counts } = setUp()
    for (let i = 0; i < 9; i++) recorder.event(ds, 'Normal', 'SuccessfulCreate', `Created pod: ${i}`)
    cluster.advance(601)
    recorder.event(ds, 'Normal', 'SuccessfulCreate', 'Created pod: 9')
    expect(counts().at(-1)).toEqual(['Created pod: 9', 1])
  })

  it('writes Events of Nodes into namespace default', () => {
    const { recorder, stored } = setUp()
    recorder.event(node('w-1'), 'Normal', 'NodeNotReady', 'Node w-1 status is now: NodeNotReady')
    expect(stored()[0]).toMatchObject({
      metadata: { namespace: 'default', name: expect.stringMatching(/^w-1\.[0-9a-f]{16}$/) },
      source: { component: 'daemonset-controller' },
    })
  })
})

describe('the recorder of the scheduler', () => {
  const waiting = pod('p')

  it('turns a repeat into a series, written once at first and again when it ends', () => {
    const { newRecorder, stored, cluster } = setUp()
    for (let i = 0; i < 4; i++) newRecorder.event(waiting, 'Warning', 'FailedScheduling', 'Scheduling', `note ${i}`)
    expect(stored()).toMatchObject([
      { message: 'note 0', series: { count: 2 }, reportingComponent: 'default-scheduler' },
    ])
    cluster.advance(730)
    expect(stored()).toMatchObject([{ series: { count: 4 } }])
  })

  it('writes another Event once the object has another resourceVersion', () => {
    const { newRecorder, stored } = setUp()
    newRecorder.event(waiting, 'Warning', 'FailedScheduling', 'Scheduling', 'note')
    newRecorder.event(
      { ...waiting, metadata: { ...waiting.metadata, resourceVersion: '2' } },
      'Warning',
      'FailedScheduling',
      'Scheduling',
      'note',
    )
    expect(stored()).toHaveLength(2)
  })

  it('cuts a long note', () => {
    const { newRecorder, stored } = setUp()
    newRecorder.event(waiting, 'Warning', 'FailedScheduling', 'Scheduling', 'x'.repeat(1025))
    expect(stored()[0]?.message).toHaveLength(1024)
    expect(stored()[0]?.message?.endsWith('x ...')).toBe(true)
  })
})
