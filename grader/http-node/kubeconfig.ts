// The kubeconfig of a served cluster: written in one go, so that who waits for the file never reads half of it.
import { mkdir, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'

/** Text of a kubeconfig whose only context is the administrator of the cluster at `server`. JSON is YAML. */
export function kubeconfigText(server: string): string {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'nodewise', cluster: { server } }],
    users: [{ name: 'kubernetes-admin', user: { token: 'nodewise' } }],
    contexts: [{ name: 'kubernetes-admin@nodewise', context: { cluster: 'nodewise', user: 'kubernetes-admin' } }],
    'current-context': 'kubernetes-admin@nodewise',
    preferences: {},
  }
  return `${JSON.stringify(config, undefined, 2)}\n`
}

/** Writes the kubeconfig; folders on the way are made. Rejects if the file cannot be written. */
export async function writeKubeconfig(file: string, server: string): Promise<void> {
  const target = path.resolve(file)
  await mkdir(path.dirname(target), { recursive: true })
  const draft = `${target}.${process.pid}`
  await writeFile(draft, kubeconfigText(server), { mode: 0o600 })
  await rename(draft, target)
}
