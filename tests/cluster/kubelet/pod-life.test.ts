import { describe, expect, it } from 'vitest'
import type { Container } from '../../../grader/api/core.ts'
import { pods } from '../../../grader/api/resource-table.ts'
import { type SmallCluster, smallCluster } from '../../support/small-cluster.ts'

const IMAGE = 'registry.example/agent:1'
const named = (name: string, image = IMAGE, more: Partial<Container> = {}): Container => ({ name, image, ...more })
const conditionsOf = ({ pod }: SmallCluster, name: string) =>
  pod(name)?.status.conditions?.map(({ type, status }) => `${type}=${status}`)

describe('a Pod that starts', () => {
  it('creates its container for a second and is then Running and ready', () => {
    const world = smallCluster(['w-1'])
    world.create('web')
    expect([world.pod('web')?.status.phase, ...world.statesOf('web')]).toEqual(['Pending', 'ContainerCreating'])
    expect(conditionsOf(world, 'web')).toEqual([
      'PodReadyToStartContainers=False',
      'Initialized=True',
      'Ready=False',
      'ContainersReady=False',
      'PodScheduled=True',
    ])
    world.cluster.advance(1)
    expect([world.pod('web')?.status.phase, ...world.statesOf('web')]).toEqual(['Running', 'Ready'])
    expect(conditionsOf(world, 'web')).toEqual([
      'PodReadyToStartContainers=True',
      'Initialized=True',
      'Ready=True',
      'ContainersReady=True',
      'PodScheduled=True',
    ])
  })

  it('has addresses, a start time and container ids, the same for the same seed', () => {
    const make = () => {
      const world = smallCluster(['w-1', 'w-2'])
      world.create('web')
      world.cluster.settle()
      return world.pod('web')!.status
    }
    const status = make()
    expect(status).toEqual(make())
    expect(status.podIP).toMatch(/^10\.244\.\d+\.\d+$/)
    expect(status.hostIP).toMatch(/^10\.1\.\d+\.\d+$/)
    expect(status.containerStatuses?.[0]).toMatchObject({ ready: true, started: true, restartCount: 0, image: IMAGE })
    expect(status.containerStatuses?.[0]?.containerID).toMatch(/^containerd:\/\/[0-9a-f]{64}$/)
  })

  it('of the host’s network has the host’s address', () => {
    const world = smallCluster(['w-1'])
    world.create('web', { hostNetwork: true })
    world.cluster.settle()
    expect(world.pod('web')?.status.podIP).toBe(world.pod('web')?.status.hostIP)
  })

  it('tells its story in Events', () => {
    const world = smallCluster(['w-1'])
    world.create('web')
    world.cluster.settle()
    world.delete('web')
    expect(world.eventsOf('web')).toEqual([
      'Scheduled: Successfully assigned default/web to w-1',
      `Pulling: Pulling image "${IMAGE}"`,
      `Pulled: Successfully pulled image "${IMAGE}" in 1s (1s including waiting). Image size: 10485760 bytes.`,
      'Created: Container created',
      'Started: Container started',
      'Killing: Stopping container c',
    ])
  })

  it('finds the image present the second time', () => {
    const world = smallCluster(['w-1'])
    world.create('first')
    world.cluster.settle()
    world.create('second')
    world.cluster.settle()
    expect(world.eventsOf('second')).toContain(
      `Pulled: Container image "${IMAGE}" already present on machine and can be accessed by the pod`,
    )
  })

  it('starts its containers one after the other and lists them by name', () => {
    const world = smallCluster(['w-1'], { 'slow:1': { startSeconds: 5 } })
    world.create('web', { containers: [named('z', 'slow:1'), named('a')] })
    world.cluster.advance(5)
    expect(world.statesOf('web')).toEqual(['ContainerCreating', 'Ready'])
    expect(world.pod('web')?.status.phase).toBe('Pending')
    world.cluster.advance(1)
    expect(world.statesOf('web')).toEqual(['Ready', 'Ready'])
  })

  it('is ready only after the image’s readyAfterSeconds', () => {
    const world = smallCluster(['w-1'], { 'warm:1': { readyAfterSeconds: 10 } })
    world.create('web', { containers: [named('c', 'warm:1')] })
    world.cluster.advance(10)
    expect(world.statesOf('web')).toEqual(['Running'])
    expect(world.pod('web')?.status.conditions?.find(({ type }) => type === 'Ready')).toMatchObject({
      status: 'False',
      reason: 'ContainersNotReady',
      message: 'containers with unready status: [c]',
    })
    world.cluster.advance(1)
    expect(world.statesOf('web')).toEqual(['Ready'])
  })

  it('waits for its readiness gates', () => {
    const world = smallCluster(['w-1'])
    world.create('web', { readinessGates: [{ conditionType: 'example.com/x' }] })
    world.cluster.settle()
    expect(world.pod('web')?.status.conditions?.find(({ type }) => type === 'Ready')?.message).toBe(
      'corresponding condition of pod readiness gate "example.com/x" does not exist.',
    )
  })
})

describe('init containers and sidecars', () => {
  it('run one after the other before the others', () => {
    const world = smallCluster(['w-1'])
    world.create('web', { initContainers: [named('one'), named('two')] })
    expect(world.statesOf('web')).toEqual(['PodInitializing', 'PodInitializing', 'PodInitializing'])
    world.cluster.advance(1)
    expect(world.statesOf('web')).toEqual(['Completed', 'PodInitializing', 'PodInitializing'])
    world.cluster.advance(2)
    expect(world.statesOf('web')).toEqual(['Completed', 'Completed', 'Ready'])
    expect(world.pod('web')?.status.initContainerStatuses?.map(({ ready }) => ready)).toEqual([true, true])
  })

  it('a sidecar keeps running beside the others', () => {
    const world = smallCluster(['w-1'])
    world.create('web', { initContainers: [named('side', IMAGE, { restartPolicy: 'Always' }), named('init')] })
    world.cluster.settle()
    expect(world.statesOf('web')).toEqual(['Ready', 'Completed', 'Ready'])
    expect(world.pod('web')?.status.phase).toBe('Running')
  })

  it('a failing init container keeps the Pod Pending and is tried again', () => {
    const world = smallCluster(['w-1'], { 'bad:1': { exits: { code: 3, afterSeconds: 0 } } })
    world.create('web', { initContainers: [named('init', 'bad:1')] })
    world.cluster.settle()
    expect([world.pod('web')?.status.phase, ...world.statesOf('web')]).toEqual([
      'Pending',
      'CrashLoopBackOff',
      'PodInitializing',
    ])
    expect(world.pod('web')?.status.conditions?.find(({ type }) => type === 'Initialized')?.message).toBe(
      'containers with incomplete status: [init]',
    )
  })

  it('with restartPolicy Never it fails the Pod', () => {
    const world = smallCluster(['w-1'], { 'bad:1': { exits: { code: 3, afterSeconds: 0 } } })
    world.create('web', { initContainers: [named('init', 'bad:1')], restartPolicy: 'Never' })
    world.cluster.settle()
    expect([world.pod('web')?.status.phase, ...world.statesOf('web')]).toEqual(['Failed', 'Error', 'PodInitializing'])
  })
})

describe('a container that crashes', () => {
  const crashing = () => {
    const world = smallCluster(['w-1'])
    world.create('web', { containers: [named('c', 'registry.example/crash:1')] })
    world.cluster.advance(1)
    return world
  }
  const restarts = ({ pod }: SmallCluster) => pod('web')?.status.containerStatuses?.[0]?.restartCount

  it('shows Error first, is restarted at once, and waits in CrashLoopBackOff after that', () => {
    const world = crashing()
    expect([...world.statesOf('web'), restarts(world)]).toEqual(['Error', 0])
    world.cluster.advance(1)
    expect([...world.statesOf('web'), restarts(world)]).toEqual(['Error', 1])
    world.cluster.advance(1)
    expect([...world.statesOf('web'), restarts(world)]).toEqual(['CrashLoopBackOff', 1])
    expect(world.pod('web')?.status.phase).toBe('Running')
    const { uid } = world.pod('web')!.metadata
    const { state, lastState } = world.pod('web')!.status.containerStatuses![0]!
    expect(state?.waiting?.message).toBe(`back-off 10s restarting failed container=c pod=web_default(${uid})`)
    expect(lastState?.terminated).toMatchObject({ exitCode: 1, reason: 'Error' })
    expect(world.eventsOf('web')).toContain(
      `BackOff: Back-off restarting failed container c in pod web_default(${uid})`,
    )
  })

  it('waits 10, 20, 40, 80, 160 and then always 300 seconds', () => {
    const world = crashing()
    world.cluster.advance(1)
    const waits: number[] = []
    for (let exits = 1; exits <= 8; exits++) {
      const before = restarts(world)
      let seconds = 0
      while (restarts(world) === before) {
        world.cluster.advance(1)
        seconds++
      }
      waits.push(seconds)
    }
    expect(waits).toEqual([10, 20, 40, 80, 160, 300, 300, 300])
  })

  it('starts the series afresh after it ran for more than ten minutes', () => {
    const world = smallCluster(['w-1'], { 'old:1': { exits: { code: 1, afterSeconds: 700 } } })
    world.create('web', { containers: [named('c', 'old:1')] })
    world.cluster.advance(1 + 700 + 1 + 700)
    expect(restarts(world)).toBe(1)
    world.cluster.advance(2)
    expect([...world.statesOf('web'), restarts(world)]).toEqual(['Ready', 2])
  })

  it('is killed for its memory when the image wants more than the limit', () => {
    const world = smallCluster(['w-1'], { 'fat:1': { memory: '200Mi' } })
    world.create('web', { containers: [named('c', 'fat:1', { resources: { limits: { memory: '100Mi' } } })] })
    world.cluster.advance(1)
    expect(world.statesOf('web')).toEqual(['OOMKilled'])
    expect(world.pod('web')?.status.containerStatuses?.[0]?.state?.terminated?.exitCode).toBe(137)
  })
})

describe('restartPolicy', () => {
  const exits = (code: number) => ({ 'task:1': { exits: { code, afterSeconds: 2 } } })
  it.each<readonly [string, 'Never' | 'OnFailure' | 'Always', number, string, readonly string[]]>([
    ['Never, exit 0', 'Never', 0, 'Succeeded', ['Completed']],
    ['Never, exit 1', 'Never', 1, 'Failed', ['Error']],
    ['OnFailure, exit 0', 'OnFailure', 0, 'Succeeded', ['Completed']],
    ['OnFailure, exit 1', 'OnFailure', 1, 'Running', ['CrashLoopBackOff']],
    ['Always, exit 0', 'Always', 0, 'Running', ['CrashLoopBackOff']],
  ])('%s', (_, restartPolicy, code, phase, states) => {
    const world = smallCluster(['w-1'], exits(code))
    world.create('web', { restartPolicy, containers: [named('c', 'task:1')] })
    world.cluster.advance(8)
    expect([world.pod('web')?.status.phase, world.statesOf('web')]).toEqual([phase, states])
  })

  it('a Pod of a Job completes by itself', () => {
    const world = smallCluster(['w-1'])
    const ownerReferences = [{ apiVersion: 'batch/v1', kind: 'Job', name: 'j', uid: 'j', controller: true }]
    world.create('job', { restartPolicy: 'Never' }, { ownerReferences })
    world.cluster.settle()
    expect(world.pod('job')?.status.phase).toBe('Succeeded')
    expect(world.cluster.trace.entries().filter(({ type }) => type === 'kubelet')).toEqual([])
    expect(world.pod('job')?.status.conditions?.find(({ type }) => type === 'Ready')).toMatchObject({
      status: 'False',
      reason: 'PodCompleted',
    })
  })
})

describe('an image that does not come', () => {
  it('shows ErrImagePull, then ImagePullBackOff, and is tried again after 10, 20 and 40 seconds', () => {
    const world = smallCluster(['w-1'])
    world.create('web', { containers: [named('c', 'registry.example/pull-error:1')] })
    world.cluster.advance(1)
    const seen = [world.statesOf('web')[0]]
    for (const seconds of [1, 9, 1, 19, 1, 39]) {
      world.cluster.advance(seconds)
      seen.push(world.statesOf('web')[0])
    }
    expect(seen).toEqual([
      'ErrImagePull',
      'ImagePullBackOff',
      'ErrImagePull',
      'ImagePullBackOff',
      'ErrImagePull',
      'ImagePullBackOff',
      'ErrImagePull',
    ])
    expect(world.pod('web')?.status.phase).toBe('Pending')
  })

  it.each([
    ['policy Never and no image', named('c', IMAGE, { imagePullPolicy: 'Never' }), 'ErrImageNeverPull'],
    ['a name that is none', named('c', 'Not An Image'), 'InvalidImageName'],
  ])('%s', (_, container, state) => {
    const world = smallCluster(['w-1'])
    world.create('web', { containers: [container] })
    world.cluster.settle()
    expect(world.statesOf('web')).toEqual([state])
  })

  it('does not keep the other container from starting, but the Pod stays Pending', () => {
    const world = smallCluster(['w-1'])
    world.create('web', { containers: [named('a', 'registry.example/pull-error:1'), named('b')] })
    world.cluster.settle()
    expect([world.pod('web')?.status.phase, ...world.statesOf('web')]).toEqual(['Pending', 'ImagePullBackOff', 'Ready'])
  })
})

describe('an image that is edited in the Pod', () => {
  const editImage = ({ cluster, pod }: SmallCluster, image: string) => {
    const current = pod('web')!
    const containers = current.spec.containers.map((container) => ({ ...container, image }))
    const updated = cluster.client().update(pods, { ...current, spec: { ...current.spec, containers } })
    if (!updated.ok) throw new Error(updated.status.message)
  }
  it.each<readonly [string, string, number]>([
    ['restarts a running container', 'registry.example/agent:1', 1],
    ['restarts a crashing one without waiting for its back-off', 'registry.example/crash:1', 2],
    ['gets one going whose image did not come', 'registry.example/pull-error:1', 0],
  ])('%s', (_, image, restarts) => {
    const world = smallCluster(['w-1'])
    world.create('web', { containers: [named('c', image)] })
    world.cluster.advance(5)
    editImage(world, 'registry.example/agent:2')
    world.cluster.advance(2)
    expect(world.statesOf('web')).toEqual(['Ready'])
    expect(world.pod('web')?.status.containerStatuses?.[0]).toMatchObject({
      image: 'registry.example/agent:2',
      restartCount: restarts,
    })
  })
})

describe('a Pod that is deleted', () => {
  it('ends at once, its last phase is Succeeded, and then it is gone', () => {
    const world = smallCluster(['w-1'])
    world.create('web')
    world.cluster.settle()
    world.delete('web')
    expect(world.pod('web')).toBeUndefined()
    const phases = world.cluster.trace
      .entries()
      .flatMap((entry) =>
        entry.type === 'write' && entry.about.name === 'web'
          ? [(entry.after as { status?: { phase?: string } } | undefined)?.status?.phase]
          : [],
      )
    expect(phases).toContain('Succeeded')
  })

  it('takes the time of its preStop sleep, but no more than its grace period', () => {
    const world = smallCluster(['w-1'])
    const sleeping = (seconds: number) => [named('c', IMAGE, { lifecycle: { preStop: { sleep: { seconds } } } })]
    world.create('short', { containers: sleeping(5) })
    world.create('long', { containers: sleeping(10), terminationGracePeriodSeconds: 10 })
    world.cluster.settle()
    world.delete('short')
    world.delete('long')
    world.cluster.advance(4)
    expect(world.pod('short')).toBeDefined()
    world.cluster.advance(1)
    expect([world.pod('short'), world.pod('long') === undefined]).toEqual([undefined, false])
    world.cluster.advance(5)
    expect(world.pod('long')).toBeUndefined()
  })

  it('goes quickly while its image is still being pulled', () => {
    const world = smallCluster(['w-1'], { 'slow:1': { startSeconds: 100 } })
    world.create('web', { containers: [named('c', 'slow:1')] })
    world.delete('web')
    world.cluster.advance(1)
    expect(world.pod('web')).toBeUndefined()
    world.cluster.advance(200)
    expect(world.cluster.store.count(pods)).toBe(0)
  })

  it('makes room for one of the same name, which starts on its own', () => {
    const world = smallCluster(['w-1'])
    const first = world.create('web').metadata.uid
    world.cluster.settle()
    world.delete('web')
    world.create('web')
    world.cluster.settle()
    expect(world.pod('web')?.metadata.uid).not.toBe(first)
    expect(world.statesOf('web')).toEqual(['Ready'])
  })
})
