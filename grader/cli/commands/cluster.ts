// nodewise cluster: serves a simulated cluster as a Kubernetes API for a real kubectl. Runs until SIGTERM or SIGINT.
import type { Command } from 'commander'
import { writeKubeconfig } from '../../http-node/kubeconfig.ts'
import { type RunningServer, serve } from '../../http-node/serve.ts'
import { ExitError, MISUSE } from '../exit.ts'
import { type OpenedCluster, openCluster } from '../open-cluster.ts'

interface Options {
  readonly scenario?: string
  readonly port: string
  readonly kubeconfig?: string
  readonly virtual?: boolean
  readonly seed: string
}

export function clusterCommand(program: Command): void {
  program
    .command('cluster')
    .description('serve a simulated cluster as a Kubernetes API for a real kubectl')
    .option('--scenario <file>', 'nodes, objects and images that exist before the story starts')
    .option('--port <n>', 'port to listen on; 0 takes any free one', '0')
    .option('--kubeconfig <file>', 'where to write the kubeconfig once the cluster is served')
    .option('--virtual', 'time moves only by POST /simulation/…, not by the wall clock')
    .option('--seed <n>', 'seed of all that is random', '1')
    .action(serveCluster)
}

async function serveCluster(options: Options): Promise<void> {
  const port = wholeNumber(options.port, '--port', 65_535)
  const opened = openCluster(wholeNumber(options.seed, '--seed', 0xffffffff), options.scenario)
  for (const problem of opened.problems) process.stderr.write(`nodewise: ${problem}\n`)
  const server = await start(opened, port, options)
  const kubeconfig = options.kubeconfig
  if (kubeconfig !== undefined) {
    await writeKubeconfig(kubeconfig, server.url).catch(async (error: Error) => {
      await server.close()
      throw new ExitError(MISUSE, `cannot write ${kubeconfig}: ${error.message}`)
    })
  }
  process.stdout.write(`Kubernetes v1.35 (simulated) at ${server.url}\n`)
  if (kubeconfig !== undefined) process.stdout.write(`export KUBECONFIG=${kubeconfig}\n`)
  await terminated()
  await server.close()
}

/** How long a port that is taken is tried again: another program's outgoing connection may hold it for a moment. */
const PORT_PATIENCE_MS = 3000
const PORT_RETRY_MS = 200

async function start({ cluster, handler }: OpenedCluster, port: number, { virtual }: Options): Promise<RunningServer> {
  const passTime = (milliseconds: number) => cluster.advance(milliseconds / 1000)
  const options = { handler, port, ...(virtual === true ? {} : { passTime }) }
  const giveUpAt = Date.now() + PORT_PATIENCE_MS
  for (;;) {
    try {
      return await serve(options)
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      if (code !== 'EADDRINUSE' || Date.now() > giveUpAt) {
        throw new ExitError(MISUSE, `cannot listen on port ${port}: ${message}`)
      }
      await new Promise((resolve) => setTimeout(resolve, PORT_RETRY_MS))
    }
  }
}

function wholeNumber(text: string, name: string, max: number): number {
  if (!/^\d{1,10}$/.test(text) || Number(text) > max)
    throw new ExitError(MISUSE, `${name} must be a whole number from 0 to ${max}, not ${JSON.stringify(text)}`)
  return Number(text)
}

function terminated(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve())
    process.once('SIGINT', () => resolve())
  })
}
