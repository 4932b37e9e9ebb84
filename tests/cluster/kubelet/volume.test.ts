import { describe, expect, it } from 'vitest'
import { configMaps } from '../../../grader/api/resource-table.ts'
import { hostPathProblem, kindAt } from '../../../grader/cluster/kubelet/volume.ts'
import { smallCluster } from '../../support/small-cluster.ts'

describe('hostPath types against the disk', () => {
  const disk = {
    '/data': 'Directory',
    '/data/file': 'File',
    '/run/x.sock': 'Socket',
    '/dev/c': 'CharDevice',
    '/dev/b': 'BlockDevice',
  } as const
  it.each<readonly [string, string, string, string | undefined]>([
    ['no type, no check', '', '/nowhere', undefined],
    ['a Directory that is there', 'Directory', '/data', undefined],
    ['a Directory that is not', 'Directory', '/none', 'hostPath type check failed: /none is not a directory'],
    [
      'a Directory that is a file',
      'Directory',
      '/data/file',
      'hostPath type check failed: /data/file is not a directory',
    ],
    ['DirectoryOrCreate makes one', 'DirectoryOrCreate', '/none', undefined],
    [
      'DirectoryOrCreate on a file',
      'DirectoryOrCreate',
      '/data/file',
      'hostPath type check failed: /data/file is not a directory',
    ],
    ['a File', 'File', '/data/file', undefined],
    ['a File that is not there', 'File', '/data/other', 'hostPath type check failed: /data/other is not a file'],
    ['FileOrCreate makes one', 'FileOrCreate', '/data/other', undefined],
    ['FileOrCreate without the folder', 'FileOrCreate', '/none/other', 'open /none/other: no such file or directory'],
    ['a Socket', 'Socket', '/run/x.sock', undefined],
    ['the socket through /var/run', 'Socket', '/var/run/x.sock', undefined],
    ['a Socket that is a directory', 'Socket', '/data', 'hostPath type check failed: /data is not a socket file'],
    ['a CharDevice', 'CharDevice', '/dev/c', undefined],
    [
      'a CharDevice that is a block device',
      'CharDevice',
      '/dev/b',
      'hostPath type check failed: /dev/b is not a character device',
    ],
    ['a BlockDevice', 'BlockDevice', '/dev/b', undefined],
    [
      'a BlockDevice that is not there',
      'BlockDevice',
      '/dev/none',
      'hostPath type check failed: /dev/none is not a block device',
    ],
  ])('%s', (_, type, path, problem) => {
    expect(hostPathProblem({ path, type }, disk)).toBe(problem)
  })

  it('a usual Linux machine has what agents look for', () => {
    expect(
      ['/var/log', '/proc', '/sys/', '/var/run/containerd/containerd.sock', '/etc/machine-id'].map((path) =>
        kindAt(path, undefined),
      ),
    ).toEqual(['Directory', 'Directory', 'Directory', 'Socket', 'File'])
  })
})

describe('a volume that cannot be mounted', () => {
  const volumes = [{ name: 'config', configMap: { name: 'agent' } }]

  it('keeps the Pod in ContainerCreating, says why, and lets it start once it is there', () => {
    const world = smallCluster(['w-1'])
    world.create('web', { volumes })
    world.cluster.settle()
    expect(world.statesOf('web')).toEqual(['ContainerCreating'])
    expect(world.eventsOf('web')).toContain(
      'FailedMount: MountVolume.SetUp failed for volume "config" : configmap "agent" not found',
    )
    world.cluster
      .client()
      .create(configMaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'agent', namespace: 'default' } })
    world.cluster.advance(130)
    expect(world.statesOf('web')).toEqual(['Ready'])
  })

  it.each<readonly [string, object, readonly string[]]>([
    ['optional sources are passed over', { configMap: { name: 'agent', optional: true } }, ['Ready']],
    ['a Secret that is missing', { secret: { secretName: 'token' } }, ['ContainerCreating']],
    [
      'a hostPath that is not what it says',
      { hostPath: { path: '/nowhere', type: 'Directory' } },
      ['ContainerCreating'],
    ],
    ['a hostPath without a type', { hostPath: { path: '/nowhere' } }, ['Ready']],
    ['an emptyDir', { emptyDir: {} }, ['Ready']],
  ])('%s', (_, source, states) => {
    const world = smallCluster(['w-1'])
    world.create('web', { volumes: [{ name: 'v', ...source }] })
    world.cluster.settle()
    expect(world.statesOf('web')).toEqual(states)
  })

  it('each machine has its own disk', () => {
    const world = smallCluster([{ name: 'w-1', disk: { '/data': 'Directory' } }])
    world.create('web', { volumes: [{ name: 'v', hostPath: { path: '/data', type: 'Directory' } }] })
    world.cluster.settle()
    expect(world.statesOf('web')).toEqual(['Ready'])
  })
})

describe('environment from a ConfigMap that is not there', () => {
  const env = [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'agent', key: 'a' } } }]
  it('is CreateContainerConfigError until it comes', () => {
    const world = smallCluster(['w-1'])
    world.create('web', { containers: [{ name: 'c', image: 'x:1', env }] })
    world.cluster.settle()
    expect(world.statesOf('web')).toEqual(['CreateContainerConfigError'])
    expect(world.pod('web')?.status.containerStatuses?.[0]?.state?.waiting?.message).toBe('configmap "agent" not found')
    world.cluster.client().create(configMaps, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'agent', namespace: 'default' },
      data: { b: '1' },
    })
    world.cluster.advance(10)
    expect(world.pod('web')?.status.containerStatuses?.[0]?.state?.waiting?.message).toBe(
      "couldn't find key a in ConfigMap default/agent",
    )
  })
})
