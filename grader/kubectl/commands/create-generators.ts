/** The subcommands of kubectl create. */
import type { Command } from '../command.ts'

export const CREATE_GENERATORS: readonly Command[] = []
