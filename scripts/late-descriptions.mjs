import { fileURLToPath } from 'node:url'

const PROSE = fileURLToPath(new URL('../grader/api/schema/generated/descriptions.ts', import.meta.url))
const LATE = fileURLToPath(new URL('../src/worker/late-descriptions.ts', import.meta.url))

/**
 * Vite plugin: in the browser the prose of the API's fields, a third of the grader's worker, is not there from the start.
 * Whoever explains fields reads an empty text until src/worker/late-descriptions.ts has fetched the real one. Node, the
 * command line and the HTTP server import the text itself and never see this.
 */
export function lateDescriptions() {
  return {
    name: 'nodewise-late-descriptions',
    enforce: 'pre',
    resolveId(id, importer = '') {
      if (id === 'nodewise:descriptions') return PROSE
      const isAskedFor = id.endsWith('/generated/descriptions.ts') && /\/schema\/descriptions\.ts(\?|$)/.test(importer)
      return isAskedFor ? LATE : undefined
    },
  }
}
