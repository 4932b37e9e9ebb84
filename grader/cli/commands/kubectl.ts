// nodewise kubectl: our kubectl against a simulated cluster; one command, or a prompt.

import { existsSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import type { Command } from 'commander'
import { playStep, runKubectl, type Story, startStory } from '../../index.ts'
import { ExitError } from '../exit.ts'
import { readScenario } from '../scenario-file.ts'

const EMPTY = { nodes: [{ name: 'node-1' }], objects: [], images: {}, files: {} }

export function kubectlCommand(program: Command): void {
  program
    .command('kubectl')
    .description('our kubectl against a simulated cluster: one command after --, or a prompt')
    .option('--scenario <file>', 'the world, and steps that are played first')
    .argument('[args...]', "kubectl's own words, after --")
    .action(async (args: readonly string[], options: { readonly scenario?: string }) => {
      const scenario = options.scenario === undefined ? undefined : readScenario(options.scenario)
      const { story } = startStory(scenario ?? EMPTY, 1)
      for (const step of scenario?.steps ?? []) playStep(story, step)
      if (args.length > 0) throw new ExitError(one(story, { args }))
      await prompt(story)
    })
}

/** Runs one command, prints what it says, returns its exit code. */
function one(story: Story, command: { readonly args: readonly string[] } | { readonly line: string }): number {
  const files = new Proxy(story.files, {
    get: (known, name: string) => known[name] ?? readIfThere(name),
    has: (known, name: string) => name in known || existsSync(name),
  })
  const result = runKubectl({ ...command, client: story.cluster.client(), waiter: story.cluster.waiter, files })
  story.cluster.settle()
  process.stdout.write(result.stdout)
  process.stderr.write(result.stderr)
  return result.exitCode
}

function readIfThere(name: string): string | undefined {
  return typeof name === 'string' && existsSync(name) ? readFileSync(name, 'utf8') : undefined
}

async function prompt(story: Story): Promise<void> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout, prompt: '$ ' })
  terminal.prompt()
  for await (const line of terminal) {
    const text = line.trim()
    if (text === 'exit' || text === 'quit') break
    if (text !== '') one(story, { line: /^k(ubectl)?(\s|$)/.test(text) ? text : `kubectl ${text}` })
    terminal.prompt()
  }
  terminal.close()
}
