// nodewise labs, nodewise start: what there is to do, and its files to work on.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Command } from 'commander'
import { ExitError, MISUSE } from '../exit.ts'
import { labIds, openLab } from '../lab-folders.ts'
import { wholeNumber } from './grade.ts'

export function labsCommand(program: Command): void {
  program
    .command('labs')
    .description('list the labs')
    .option('--json', 'as JSON')
    .action((options: { readonly json?: boolean }) => {
      const labs = labIds().map((id) => openLab(id).lab)
      const rows = labs.map(({ id, title, type, level, minutes, exams }) => ({
        id,
        title,
        kind: type,
        level,
        minutes,
        exams,
      }))
      if (options.json === true) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`)
      else
        for (const row of rows)
          process.stdout.write(
            `${row.id}\n    ${row.title}\n    ${row.kind}, level ${row.level}, ${row.minutes} min, ${row.exams.map((e) => `${e.exam} ${e.domain}`).join('; ')}\n`,
          )
    })
}

export function startCommand(program: Command): void {
  program
    .command('start')
    .description("write a lab's task and starter files into a folder; never overwrites")
    .argument('<lab>', 'id or number of the lab')
    .argument('[dir]', 'folder to write into; default: the id of the lab')
    .option('--variant <n>', 'in other names, labels and values', wholeNumber, 0)
    .action((name: string, dir: string | undefined, { variant }: { readonly variant: number }) => {
      const { lab, files } = openLab(name, variant)
      const folder = dir ?? lab.id
      const wanted = Object.entries(files).flatMap(([path, text]) =>
        path === 'task.md'
          ? [['task.md', text] as const]
          : path.startsWith('starter/')
            ? [[path.slice('starter/'.length), text] as const]
            : [],
      )
      const taken = wanted.map(([path]) => join(folder, path)).filter((path) => existsSync(path))
      if (taken.length > 0)
        throw new ExitError(MISUSE, `nothing was written, because these exist already: ${taken.join(', ')}`)
      for (const [path, text] of wanted) {
        mkdirSync(dirname(join(folder, path)), { recursive: true })
        writeFileSync(join(folder, path), text, { flag: 'wx' })
      }
      process.stdout.write(
        `${lab.title}\n${wanted.map(([path]) => `  ${join(folder, path)}`).join('\n')}\n\nRead task.md, edit, then: nodewise grade ${lab.id} ${folder}${variant === 0 ? '' : ` --variant ${variant}`}\n`,
      )
    })
}
