// The nodewise command line: argv → one command → an exit code. Each command is a file under commands/.
import { isMainThread } from 'node:worker_threads'
import { Command, CommanderError, Option } from 'commander'
import { checkLabsCommand } from './commands/check-labs.ts'
import { clusterCommand } from './commands/cluster.ts'
import { gradeCommand } from './commands/grade.ts'
import { kubectlCommand } from './commands/kubectl.ts'
import { labsCommand, startCommand } from './commands/labs.ts'
import { runCommand } from './commands/run.ts'
import { whyCommand } from './commands/why.ts'
import { ExitError, FAULT, MISUSE } from './exit.ts'

/** Adds one command to the program. Its action throws ExitError to end with another code than 0. */
export type AddCommand = (program: Command) => void

const COMMANDS: readonly AddCommand[] = [
  labsCommand,
  startCommand,
  gradeCommand,
  whyCommand,
  runCommand,
  kubectlCommand,
  clusterCommand,
  checkLabsCommand,
]

function createProgram(): Command {
  const program = new Command('nodewise')
    .description('Learn, drill and prove node-level Kubernetes work: DaemonSet labs, graded without a cluster')
    .version('0.1.0')
    .addOption(new Option('--debug', 'show where a fault of ours happened').hideHelp())
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text) })
    .showHelpAfterError('(add --help for what this command takes)')
  for (const add of COMMANDS) add(program)
  for (const command of program.commands) command.exitOverride()
  return program
}

/** Runs the command line and returns its exit code: 0, the command's own, 2 for wrong use, 3 for a fault of ours. */
export async function main(argv: readonly string[]): Promise<number> {
  const program = createProgram()
  if (argv.length === 0) {
    program.outputHelp()
    return MISUSE
  }
  try {
    await program.parseAsync([...argv], { from: 'user' })
    return 0
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : MISUSE
    if (error instanceof ExitError) {
      if (error.message !== '') process.stderr.write(`nodewise: ${error.message}\n`)
      return error.code
    }
    process.stderr.write(
      `nodewise: a fault of the platform, not of your input: ${error instanceof Error ? error.message : String(error)}\n`,
    )
    if (program.opts<{ debug?: boolean }>().debug === true && error instanceof Error)
      process.stderr.write(`${error.stack}\n`)
    return FAULT
  }
}

// The bundle runs as a whole in the worker threads of a batch, too.
if (isMainThread) process.exitCode = await main(process.argv.slice(2))
