/** `--help`. Upstream: k8s.io/kubectl/pkg/util/templates; the texts are shorter than upstream's. */
import type { Command } from './command.ts'
import type { Flag } from './flags.ts'

/** What a command takes, in kubectl's layout. */
export function helpOf(command: Command, path: string): string {
  const parts = [`${command.summary}.\n`]
  if (command.commands !== undefined) parts.push(`\nAvailable Commands:\n${listOf(command.commands)}`)
  const flags = [...(command.flags ?? [])].sort((a, b) => (a.name < b.name ? -1 : 1))
  if (flags.length > 0) parts.push(`\nOptions:\n${flags.map(flagHelp).join('\n')}`)
  const usage =
    command.commands === undefined
      ? `${path}${command.usage === undefined ? '' : ` ${command.usage}`} [options]`
      : `${path} [command]`
  parts.push(`\nUsage:\n  ${usage}\n`)
  if (command.missing !== undefined) parts.push(`\nNot in this simulated cluster: ${command.missing.join(' ')}\n`)
  parts.push('\nUse "kubectl options" for a list of global command-line options (applies to all commands).\n')
  return parts.join('')
}

function listOf(commands: readonly Command[]): string {
  const width = Math.max(...commands.map((c) => c.name.length))
  return commands.map((c) => `  ${c.name.padEnd(width)}   ${c.summary}\n`).join('')
}

/** One flag as the help lists it. */
export function flagHelp(flag: Flag): string {
  const short = flag.short === undefined ? '    ' : `-${flag.short}, `
  const text = flag.type === 'string' ? `'${flag.default}'` : flag.default
  return `    ${short}--${flag.name}=${text}:\n\t${flag.help}\n`
}
