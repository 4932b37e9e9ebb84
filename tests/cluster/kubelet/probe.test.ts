import { describe, expect, it } from 'vitest'
import type { Container, Probe } from '../../../grader/api/core.ts'
import type { ImageBehaviour } from '../../../grader/cluster/cluster-config.ts'
import { type SmallCluster, smallCluster } from '../../support/small-cluster.ts'

const http: Probe = { httpGet: { path: '/healthz', port: 8080 } }
const world = (behaviour: ImageBehaviour, container: Partial<Container>): SmallCluster => {
  const made = smallCluster(['w-1'], { 'probed:1': behaviour })
  made.create('web', { containers: [{ name: 'c', image: 'probed:1', ...container }] })
  return made
}
const status = ({ pod }: SmallCluster) => pod('web')!.status.containerStatuses![0]!
const podIP = ({ pod }: SmallCluster) => pod('web')!.status.podIP
const probing = (made: SmallCluster) =>
  made.eventsOf('web').filter((event) => /^(Unhealthy|Killing|Started)/.test(event))

/** Seconds from now until it holds. */
function secondsUntil(made: SmallCluster, holds: () => boolean, limit = 300): number {
  let seconds = 0
  while (!holds() && seconds < limit) {
    made.cluster.advance(1)
    seconds++
  }
  return seconds
}

describe('a readiness probe', () => {
  it.each<readonly [string, ImageBehaviour, Probe, number]>([
    ['makes its container ready with the first success', {}, {}, 1],
    ['does not run before initialDelaySeconds', {}, { initialDelaySeconds: 7 }, 8],
    ['runs again after ten seconds, when nothing else is said', { readyAfterSeconds: 12 }, {}, 21],
    ['runs every periodSeconds', { readyAfterSeconds: 12 }, { periodSeconds: 3 }, 13],
    ['needs successThreshold successes in a row', {}, { successThreshold: 3, periodSeconds: 2 }, 5],
  ])('%s', (_, behaviour, probe, seconds) => {
    const made = world(behaviour, { readinessProbe: { ...http, ...probe } })
    expect(secondsUntil(made, () => status(made).ready)).toBe(seconds)
  })

  it('says with each failure what it found, and restarts nothing', () => {
    const made = world({ ready: 'never' }, { readinessProbe: { ...http, periodSeconds: 5 } })
    made.cluster.advance(60)
    expect(probing(made)).toEqual([
      'Started: Container started',
      'Unhealthy: Readiness probe failed: HTTP probe failed with statuscode: 503',
    ])
    expect(status(made)).toMatchObject({ ready: false, started: true, restartCount: 0 })
  })

  it('takes readiness away after failureThreshold failures, and not before', () => {
    const made = world({ failsProbesAfterSeconds: 20 }, { readinessProbe: { ...http, periodSeconds: 5 } })
    made.cluster.advance(1)
    expect(status(made).ready).toBe(true)
    expect(secondsUntil(made, () => !status(made).ready)).toBe(20 + 2 * 5)
    expect(made.pod('web')?.status.conditions?.find(({ type }) => type === 'Ready')).toMatchObject({
      status: 'False',
      reason: 'ContainersNotReady',
    })
  })
})

describe('what a failing probe prints', () => {
  it.each<readonly [string, Probe, ImageBehaviour, string]>([
    ['an HTTP probe', http, { ready: 'never' }, 'HTTP probe failed with statuscode: 503'],
    ['a TCP probe', { tcpSocket: { port: 9100 } }, { ready: 'never' }, 'dial tcp IP:9100: connect: connection refused'],
    ['an exec probe', { exec: { command: ['cat', '/tmp/ok'] } }, { ready: 'never' }, ''],
    ['a gRPC probe', { grpc: { port: 1 } }, { ready: 'never' }, 'service unhealthy (responded with "NOT_SERVING")'],
    [
      'an HTTP probe of a port on which nobody listens',
      http,
      { ports: [9090] },
      'Get "http://IP:8080/healthz": dial tcp IP:8080: connect: connection refused',
    ],
    [
      'a TCP probe of a named port',
      { tcpSocket: { port: 'web' } },
      { ports: [1] },
      'dial tcp IP:8081: connect: connection refused',
    ],
  ])('%s', (_, readinessProbe, behaviour, output) => {
    const made = world(behaviour, { readinessProbe, ports: [{ name: 'web', containerPort: 8081 }] })
    made.cluster.advance(2)
    expect(made.eventsOf('web')).toContain(
      `Unhealthy: Readiness probe failed: ${output.replaceAll('IP', podIP(made) ?? '')}`,
    )
  })
})

describe('a liveness probe', () => {
  it('restarts its container after three failures, ten seconds apart', () => {
    const made = world({ failsProbesAfterSeconds: 15 }, { livenessProbe: http })
    made.cluster.advance(1)
    expect(secondsUntil(made, () => status(made).restartCount === 1)).toBe(40 + 1)
    expect(probing(made)).toEqual([
      'Started: Container started',
      'Unhealthy: Liveness probe failed: HTTP probe failed with statuscode: 503',
      'Killing: Container c failed liveness probe, will be restarted',
    ])
  })

  it('ends in a crash loop when the program never answers', () => {
    const made = world({ ready: 'never' }, { livenessProbe: { ...http, periodSeconds: 1 } })
    expect(secondsUntil(made, () => made.statesOf('web')[0] === 'CrashLoopBackOff')).toBeLessThan(20)
  })

  it('kills a slow starter that has no startup probe', () => {
    const slow = { readyAfterSeconds: 60 }
    const made = world(slow, { livenessProbe: { ...http, periodSeconds: 5 } })
    made.cluster.advance(30)
    expect(status(made).restartCount).toBeGreaterThan(0)
    const patient = world(slow, {
      livenessProbe: { ...http, periodSeconds: 5 },
      startupProbe: { ...http, periodSeconds: 5, failureThreshold: 30 },
    })
    patient.cluster.advance(90)
    expect(status(patient)).toMatchObject({ restartCount: 0, started: true, ready: true })
  })

  it('waits for a program that ignores SIGTERM as long as the probe’s own grace period', () => {
    const made = world(
      { failsProbesAfterSeconds: 0, ignoresSigterm: true },
      { livenessProbe: { ...http, periodSeconds: 1, failureThreshold: 1, terminationGracePeriodSeconds: 7 } },
    )
    made.cluster.advance(1 + 6)
    expect(status(made).state?.running).toBeDefined()
    made.cluster.advance(1)
    expect(status(made).state?.terminated).toMatchObject({ exitCode: 137, reason: 'Error' })
  })
})

describe('a startup probe', () => {
  it('holds back readiness, and `started`, until it succeeds', () => {
    const made = world(
      { readyAfterSeconds: 12 },
      { startupProbe: { ...http, periodSeconds: 5, failureThreshold: 9 }, readinessProbe: http },
    )
    made.cluster.advance(11)
    expect(status(made)).toMatchObject({ started: false, ready: false })
    made.cluster.advance(5)
    expect(status(made)).toMatchObject({ started: true, ready: true })
  })

  it('that fails too often has its container restarted', () => {
    const made = world({ ready: 'never' }, { startupProbe: { ...http, periodSeconds: 2, failureThreshold: 2 } })
    made.cluster.advance(4)
    expect(made.eventsOf('web')).toContain('Killing: Container c failed startup probe, will be restarted')
    expect(status(made).restartCount).toBe(1)
  })

  it('of a sidecar holds back the containers behind it', () => {
    const made = smallCluster(['w-1'], { 'side:1': { readyAfterSeconds: 8 } })
    const startupProbe = { ...http, periodSeconds: 2, failureThreshold: 9 }
    made.create('web', {
      initContainers: [{ name: 'side', image: 'side:1', restartPolicy: 'Always', startupProbe }],
    })
    made.cluster.advance(8)
    expect(made.statesOf('web')).toEqual(['Running', 'PodInitializing'])
    made.cluster.advance(3)
    expect(made.statesOf('web')).toEqual(['Ready', 'Ready'])
  })
})
