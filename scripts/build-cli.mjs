#!/usr/bin/env node
// Bundles the command line into one file that needs no node_modules and runs on Node 20: dist/nodewise.mjs.
import path from 'node:path'
import { build } from 'esbuild'

const root = path.join(import.meta.dirname, '..')

await build({
  entryPoints: [path.join(root, 'grader/cli/main.ts')],
  outfile: path.join(root, 'dist/nodewise.mjs'),
  bundle: true,
  // Names stay as they are: faults keep readable stacks. Short names with keepNames would cost 60 ms of every start.
  minifySyntax: true,
  minifyWhitespace: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  logLevel: 'warning',
  legalComments: 'linked',
  // Packages in CommonJS look for require, which a module does not have.
  banner: {
    js: "#!/usr/bin/env node\nimport { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);",
  },
})
