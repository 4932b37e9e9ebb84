// Draws the lookup tables of grader/cluster/lifecycles from the xstate machines. Run with Node 24:
//   npx node scripts/generate-lifecycles.mjs
import { writeFileSync } from 'node:fs'
import { drawTables } from '../grader/cluster/lifecycles/table.ts'

const file = new URL('../grader/cluster/lifecycles/generated/transitions.ts', import.meta.url)
const quote = (text) => `'${text}'`
const key = (text) => (/^[A-Za-z_]\w*$/.test(text) ? text : quote(text))
const table = ({ initial, next }) =>
  [
    '{',
    `  initial: [${initial.map(quote).join(', ')}],`,
    '  next: {',
    ...Object.entries(next).map(
      ([from, edges]) =>
        `    ${key(from)}: {${Object.entries(edges)
          .map(([event, to]) => ` ${event}: ${quote(to)}`)
          .join(',')}${Object.keys(edges).length === 0 ? '' : ' '}},`,
    ),
    '  },',
    '}',
  ].join('\n')

const parts = Object.entries(drawTables()).map(
  ([name, drawn]) => `export const ${name.toUpperCase()}_TRANSITIONS: TransitionTable = ${table(drawn)}\n`,
)
writeFileSync(
  file,
  `// Drawn from the machines beside it by scripts/generate-lifecycles.mjs; tests/cluster/lifecycles proves that they agree.\nimport type { TransitionTable } from '../lifecycle.ts'\n\n${parts.join('\n')}`,
)
