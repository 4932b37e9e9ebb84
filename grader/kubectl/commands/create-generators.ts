/** The subcommands of kubectl create. Upstream: k8s.io/kubectl/pkg/cmd/create/create.go. */
import type { Command } from '../command.ts'
import { createClusterRole, createClusterRoleBinding, createRole, createRoleBinding } from './create-access.ts'
import {
  createBudget,
  createConfigMap,
  createNamespace,
  createPriorityClass,
  createQuota,
  createSecretGeneric,
  createServiceAccount,
} from './create-configuration.ts'
import { createService } from './create-service.ts'
import { createCronJob, createDeployment, createJob } from './create-workloads.ts'
import { generatorCommand } from './generator.ts'

const createSecret: Command = {
  name: 'secret',
  summary: 'Create a secret using a specified subcommand',
  commands: [generatorCommand(createSecretGeneric)],
  missing: ['No docker-registry and no tls secrets.'],
}

export const CREATE_GENERATORS: readonly Command[] = [
  generatorCommand(createClusterRole),
  generatorCommand(createClusterRoleBinding),
  generatorCommand(createConfigMap),
  generatorCommand(createCronJob),
  generatorCommand(createDeployment),
  generatorCommand(createJob),
  generatorCommand(createNamespace),
  generatorCommand(createBudget),
  generatorCommand(createPriorityClass),
  generatorCommand(createQuota),
  generatorCommand(createRole),
  generatorCommand(createRoleBinding),
  createSecret,
  createService,
  generatorCommand(createServiceAccount),
]
