/** kubectl create service. Upstream: k8s.io/kubectl/pkg/cmd/create/create_service.go. */
import type { JsonObject } from '../../api/meta.ts'
import { type Resource, services } from '../../api/resource-table.ts'
import type { Command, Invocation } from '../command.ts'
import { fail } from '../failure.ts'
import { flag } from '../flags.ts'
import { type Generator, generatorCommand, metadata } from './generator.ts'

const TCP = flag('tcp', 'list', "Port pairs can be specified as '<port>:<targetPort>'.")

function serviceGenerator(name: string, type: string, summary: string): Generator {
  return {
    name,
    summary,
    usage: 'NAME [--tcp=port:targetPort] [--dry-run=server|client|none]',
    flags: [
      TCP,
      ...(name === 'clusterip'
        ? [
            flag(
              'clusterip',
              'string',
              "Assign your own ClusterIP or set to 'None' for a 'headless' service (no loadbalancing).",
            ),
          ]
        : []),
      ...(name === 'nodeport'
        ? [flag('node-port', 'int', 'Port used to expose the service on each node in a cluster.')]
        : []),
    ],
    resource: services as Resource,
    refusal: `failed to create ${type} service:`,
    make(_session, invocation, serviceName) {
      const { flags } = invocation
      const clusterIP = flags.string('clusterip')
      const ports = portsOf(invocation)
      if (ports.length === 0 && clusterIP !== 'None') fail('at least one tcp port specifier must be provided')
      const labels = { app: serviceName }
      return {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: metadata(serviceName, { labels }),
        spec: {
          ...(clusterIP === '' ? {} : { clusterIP }),
          ...(ports.length === 0 ? {} : { ports }),
          selector: labels,
          type,
        },
        status: { loadBalancer: {} },
      }
    },
  }
}

function portsOf({ flags }: Invocation): JsonObject[] {
  const nodePort = flags.number('node-port')
  return flags.list('tcp').map((text) => {
    const [port = '', target = port] = text.split(':')
    const number = Number(port)
    if (!/^\d+$/.test(port) || number < 1 || number > 65535)
      fail(`invalid port specified: strconv.Atoi: parsing ${JSON.stringify(port)}: invalid syntax`)
    return {
      name: text.replace(':', '-'),
      ...(nodePort > 0 ? { nodePort } : {}),
      port: number,
      protocol: 'TCP',
      targetPort: /^\d+$/.test(target) ? Number(target) : target,
    }
  })
}

export const createService: Command = {
  name: 'service',
  aliases: ['svc'],
  summary: 'Create a service using a specified subcommand',
  commands: [
    generatorCommand(serviceGenerator('clusterip', 'ClusterIP', 'Create a ClusterIP service')),
    generatorCommand(serviceGenerator('loadbalancer', 'LoadBalancer', 'Create a LoadBalancer service')),
    generatorCommand(serviceGenerator('nodeport', 'NodePort', 'Create a NodePort service')),
  ],
}
