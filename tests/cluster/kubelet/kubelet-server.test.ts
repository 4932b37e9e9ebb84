import { describe, expect, it } from 'vitest'
import type { Container, PodSpec } from '../../../grader/api/core.ts'
import { configMaps, pods, secrets } from '../../../grader/api/resource-table.ts'
import { type SmallCluster, smallCluster } from '../../support/small-cluster.ts'

const IMAGE = 'registry.example/agent:1'
const ask = ({ cluster }: SmallCluster, what: 'log' | 'exec', query: Record<string, string> = {}, name = 'web') => {
  const answer = cluster.client().getSubresource(pods, { namespace: 'default', name }, what, query)
  return answer.ok ? answer.value : answer.status.message
}
const logOf = (world: SmallCluster, query: Record<string, string> = {}) => {
  const answer = ask(world, 'log', query)
  return typeof answer === 'string' ? answer : answer.log
}
const run = (world: SmallCluster, ...command: string[]) => ask(world, 'exec', { command: JSON.stringify(command) })
const sh = (world: SmallCluster, line: string) => run(world, 'sh', '-c', line)

function running(spec: Partial<PodSpec> = {}, container: Partial<Container> = {}): SmallCluster {
  const world = smallCluster(['w-1'])
  const client = world.cluster.client()
  const meta = (name: string) => ({ name, namespace: 'default' })
  client.create(configMaps, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: meta('conf'),
    data: { 'a.conf': 'x=1\ny=2\n', level: 'debug' },
  })
  client.create(secrets, { apiVersion: 'v1', kind: 'Secret', metadata: meta('cred'), data: { password: 'czNjcmV0' } })
  world.create('web', { containers: [{ name: 'c', image: IMAGE, ...container }], ...spec }, { labels: { app: 'web' } })
  world.cluster.settle()
  return world
}

describe('the log of a container', () => {
  const lines = { 'agent:1': { logs: ['one', 'two', 'three'] } }
  const world = smallCluster(['w-1'], lines)
  world.create('web', { containers: [{ name: 'c', image: 'agent:1' }] })
  world.cluster.settle()
  it.each<readonly [string, Record<string, string>, string]>([
    ['is what its image writes', {}, 'one\ntwo\nthree\n'],
    ['can be cut to its last lines', { tailLines: '2' }, 'two\nthree\n'],
    ['can be cut to nothing', { tailLines: '0' }, ''],
    ['can be cut to so many bytes', { limitBytes: '5' }, 'one\nt'],
    ['since a moment after it was written is empty', { sinceSeconds: '1' }, ''],
    ['since a moment before is whole', { sinceTime: '2026-01-01T00:00:00Z' }, 'one\ntwo\nthree\n'],
  ])('%s', (_, query, text) => {
    expect(logOf(world, query)).toBe(text)
  })

  it('carries timestamps on request', () => {
    expect(logOf(world, { timestamps: 'true', tailLines: '1' })).toMatch(
      /^2026-01-01T00:\d\d:\d\d\.000000000Z three\n$/,
    )
  })

  it('says how an unknown image starts, and how a crash ended', () => {
    expect(logOf(running())).toBe(`starting ${IMAGE}\n`)
    const crashing = running({}, { image: 'registry.example/crash:1' })
    expect(logOf(crashing)).toBe('starting registry.example/crash:1\nfatal: exiting with code 1\n')
  })

  it('of the previous run is there only after a restart', () => {
    expect(logOf(world, { previous: 'true' })).toBe('previous terminated container "c" in pod "web" not found')
    expect(logOf(running({}, { image: 'registry.example/crash:1' }), { previous: 'true' })).toContain('fatal')
  })

  it.each<readonly [string, string, string]>([
    ['whose image did not come', 'registry.example/pull-error:1', 'trying and failing to pull image'],
    ['whose image is no name', 'Not An Image', 'InvalidImageName'],
  ])('that never started is refused: %s', (_, image, words) => {
    expect(logOf(running({}, { image }))).toBe(`container "c" in pod "web" is waiting to start: ${words}`)
  })

  it('of a machine whose kubelet is stopped or cut off is out of reach', () => {
    const lost = running()
    lost.cluster.machines.stopKubelet('w-1')
    expect(logOf(lost)).toMatch(
      /^Get "https:\/\/10\.1\.0\.1:10250\/containerLogs\/default\/web\/c": dial tcp 10\.1\.0\.1:10250: connect: connection refused$/,
    )
    lost.cluster.machines.startKubelet('w-1')
    lost.cluster.machines.partition('w-1')
    expect(run(lost, 'ls')).toBe('error dialing backend: dial tcp 10.1.0.1:10250: i/o timeout')
  })
})

describe('a program in a container', () => {
  it('sees the environment: its own variables, its Pod, ConfigMaps and Secrets', () => {
    const world = running(
      {},
      {
        env: [
          { name: 'A', value: 'a' },
          { name: 'B', value: '$(A)-$(NONE)' },
          { name: 'NODE', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
          { name: 'APP', valueFrom: { fieldRef: { fieldPath: "metadata.labels['app']" } } },
          { name: 'LEVEL', valueFrom: { configMapKeyRef: { name: 'conf', key: 'level' } } },
          { name: 'PW', valueFrom: { secretKeyRef: { name: 'cred', key: 'password' } } },
          { name: 'MEM', valueFrom: { resourceFieldRef: { resource: 'limits.memory', divisor: '1Mi' } } },
        ],
        resources: { limits: { memory: '64Mi' } },
      },
    )
    const output = run(world, 'env') as { readonly stdout: string }
    expect(output.stdout.split('\n')).toEqual(
      expect.arrayContaining([
        'HOSTNAME=web',
        'B=a-$(NONE)',
        'NODE=w-1',
        'APP=web',
        'LEVEL=debug',
        'PW=s3cret',
        'MEM=64',
        'KUBERNETES_SERVICE_PORT=443',
      ]),
    )
  })

  const mounted = running(
    {
      volumes: [
        { name: 'conf', configMap: { name: 'conf' } },
        { name: 'one', configMap: { name: 'conf', items: [{ key: 'level', path: 'deep/level' }] } },
        { name: 'cred', secret: { secretName: 'cred', defaultMode: 0o400 } },
        { name: 'logs', hostPath: { path: '/var/log' } },
        { name: 'empty', emptyDir: {} },
      ],
    },
    {
      volumeMounts: [
        { name: 'conf', mountPath: '/conf' },
        { name: 'one', mountPath: '/one' },
        { name: 'cred', mountPath: '/cred' },
        { name: 'logs', mountPath: '/host/log' },
        { name: 'empty', mountPath: '/empty' },
        { name: 'conf', mountPath: '/etc/app.conf', subPath: 'a.conf' },
      ],
    },
  )
  it.each<readonly [string, string, number, string]>([
    ['cat /conf/a.conf', 'x=1\ny=2\n', 0, ''],
    ['cat /one/deep/level /cred/password', 'debugs3cret', 0, ''],
    ['cat /etc/app.conf | grep y', 'y=2\n', 0, ''],
    ['cat /etc/hostname; hostname', 'web\nweb\n', 0, ''],
    ['ls /conf', 'a.conf\nlevel\n', 0, ''],
    ['ls /host/log', 'containers\njournal\npods\n', 0, ''],
    ['ls /empty', '', 0, ''],
    ['ls /conf/*.conf', '/conf/a.conf\n', 0, ''],
    ['cat /nowhere', '', 1, "cat: can't open '/nowhere': No such file or directory\n"],
    ['ls /nowhere', '', 1, 'ls: /nowhere: No such file or directory\n'],
    ['nope', '', 127, 'sh: nope: not found\n'],
    ['nope 2>/dev/null || echo "exit $?"', 'exit 127\n', 0, ''],
    ['false && echo a; echo b', 'b\n', 0, ''],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell's own variable
    ['X=1; echo "$X" \'$X\' ${Y:-z}', '1 $X z\n', 0, ''],
    ['cd /conf && pwd', '/conf\n', 0, ''],
    ['test -f /conf/level && [ -d /conf ] && echo yes', 'yes\n', 0, ''],
    ['exit 3; echo no', '', 3, ''],
    ['id; whoami', 'uid=0(root) gid=0(root) groups=0(root)\nroot\n', 0, ''],
    ['wc -l < /conf/a.conf', '2\n', 0, ''],
    ['head -n 1 /conf/a.conf; tail -1 /conf/a.conf', 'x=1\ny=2\n', 0, ''],
    ['echo x > /tmp/x', '', 1, "sh: can't create /tmp/x: Read-only file system\n"],
    ['echo "open', '', 2, 'sh: syntax error: unterminated quoted string\n'],
    ['ps | head -2', 'PID   USER     TIME  COMMAND\n    1 root      0:00 agent\n', 0, ''],
  ])('%s', (line, stdout, exitCode, stderr) => {
    expect(sh(mounted, line)).toEqual({ stdout, stderr, exitCode })
  })

  it('that the image does not have cannot be started', () => {
    expect(run(mounted, 'nope')).toMatch(
      /^Internal error occurred: .*exec: "nope": executable file not found in \$PATH$/,
    )
  })

  it('finds no container where none runs', () => {
    for (const image of ['registry.example/crash:1', 'registry.example/pull-error:1'])
      expect(run(running({}, { image }), 'ls')).toBe(
        'Internal error occurred: unable to upgrade connection: container not found ("c")',
      )
  })

  it('runs as the user that the Pod names', () => {
    expect(run(running({ securityContext: { runAsUser: 1000, runAsGroup: 3000 } }), 'id')).toMatchObject({
      stdout: 'uid=1000 gid=3000 groups=3000\n',
    })
  })
})

describe('the shell', () => {
  it('never throws and always has an exit code, whatever it reads', () => {
    const world = running()
    const parts = [
      'cat',
      ' ',
      '/etc',
      '"',
      "'",
      '$',
      '${',
      '}',
      '|',
      '&&',
      '||',
      ';',
      '>',
      '<',
      '2>&1',
      '\\',
      '*',
      '\n',
      '#',
      'ls',
      'x',
      '[',
      ']',
      '!',
      '=',
      'exit',
      '-c',
      'sh',
      'env',
      '$(',
      ')',
      '`',
    ]
    let state = 42
    const next = () => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0
      return state >>> 8
    }
    for (let i = 0; i < 3000; i++) {
      const line = Array.from({ length: 1 + (next() % 9) }, () => parts[next() % parts.length]!).join('')
      expect(sh(world, line), line).toMatchObject({ exitCode: expect.any(Number) })
    }
  })
})
