import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const main = path.join(import.meta.dirname, '../../grader/cli/main.ts')
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'nodewise-cluster-'))
})
afterAll(() => rm(folder, { recursive: true }))

interface Run {
  readonly child: ChildProcess
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>
}

function nodewise(...args: readonly string[]): Run {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (data) => (stdout += data))
  child.stderr.on('data', (data) => (stderr += data))
  return { child, ended: new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr }))) }
}

async function serverOf(file: string): Promise<string> {
  for (;;) {
    const text = await readFile(file, 'utf8').catch(() => undefined)
    if (text !== undefined) return JSON.parse(text).clusters[0].cluster.server
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

describe('nodewise cluster', () => {
  it('ends with 2 when the port stays taken', async () => {
    const taken = net.createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as net.AddressInfo
    const { code, stderr } = await nodewise('cluster', '--port', String(port)).ended
    taken.close()
    expect(code).toBe(2)
    expect(stderr).toContain(`cannot listen on port ${port}: listen EADDRINUSE`)
  }, 30_000)

  it('serves the world of a scenario, plays steps, and ends with 0 on SIGTERM', async () => {
    const scenario = path.join(folder, 'scenario.yaml')
    const manifest = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: monitoring }\n'
    await writeFile(
      scenario,
      `nodes: [{ name: "w-{1..3}" }]\nobjects: [ns.yaml]\nfiles:\n  ns.yaml: ${JSON.stringify(manifest)}\n`,
    )
    const kubeconfig = path.join(folder, 'config')
    const { child, ended } = nodewise('cluster', '--virtual', '--scenario', scenario, '--kubeconfig', kubeconfig)
    const server = await serverOf(kubeconfig)
    const nodes = await (await fetch(`${server}/api/v1/nodes`)).json()
    expect(nodes.items.map((item: { metadata: { name: string } }) => item.metadata.name)).toEqual(['w-1', 'w-2', 'w-3'])
    expect((await fetch(`${server}/api/v1/namespaces/monitoring`)).status).toBe(200)
    expect((await fetch(`${server}/simulation/step`, { method: 'POST', body: 'remove w-2' })).status).toBe(200)
    expect((await fetch(`${server}/api/v1/nodes/w-2`)).status).toBe(404)
    child.kill('SIGTERM')
    const { code, stdout, stderr } = await ended
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain(`Kubernetes v1.35 (simulated) at ${server}`)
  }, 30_000)

  it.each<[string, readonly string[], RegExp]>([
    ['a port that is no number', ['--port', 'x'], /--port must be a whole number from 0 to 65535, not "x"/],
    ['a scenario that is not there', ['--scenario', '/nope.yaml'], /cannot read \/nope\.yaml: ENOENT/],
    [
      'a kubeconfig that cannot be written',
      ['--kubeconfig', '/etc/hostname/config'],
      /cannot write \/etc\/hostname\/config/,
    ],
    ['an option that is none', ['--nope'], /unknown option '--nope'/],
  ])(
    '%s ends with 2',
    async (_, args, message) => {
      const { code, stderr } = await nodewise('cluster', ...args).ended
      expect(code).toBe(2)
      expect(stderr).toMatch(message)
    },
    30_000,
  )
})
