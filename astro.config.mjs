import mdx from '@astrojs/mdx'
import react from '@astrojs/react'
import { defineConfig } from 'astro/config'
import { contentSecurityPolicy } from './scripts/csp.mjs'
import { lateDescriptions } from './scripts/late-descriptions.mjs'
import { lazyEditor } from './scripts/lazy-editor.mjs'

// Nothing is reported to anybody while the site is built or developed.
process.env.ASTRO_TELEMETRY_DISABLED = '1'

// A course may serve the site under a sub-path: NODEWISE_BASE=/k8s npm run build.
const base = process.env.NODEWISE_BASE ?? '/'

export default defineConfig({
  base,
  output: 'static',
  trailingSlash: 'always',
  outDir: process.env.NODEWISE_DIST ?? './dist',
  integrations: [mdx(), react(), contentSecurityPolicy()],
  build: { format: 'directory', inlineStylesheets: 'never' },
  devToolbar: { enabled: false },
  markdown: { shikiConfig: { theme: 'css-variables' } },
  vite: {
    worker: { format: 'es', plugins: () => [lateDescriptions()] },
    // The development server finds these late, inside workers and lazy parts, and would reload the page under the reader.
    optimizeDeps: {
      include: [
        '@marcbachmann/cel-js',
        '@monaco-editor/react',
        '@xterm/addon-fit',
        '@xterm/xterm',
        'monaco-editor/editor',
        'react',
        'react-dom',
        'xstate',
        'yaml',
        'zod',
      ],
    },
    plugins: [lazyEditor(), lateDescriptions()],
    build: {
      // The editor is one large chunk that loads after the page is usable; its size is held by the size check instead.
      chunkSizeWarningLimit: 4000,
      rolldownOptions: {
        onLog(level, log, handler) {
          if (log.code === 'MODULE_LEVEL_DIRECTIVE') return
          handler(level, log)
        },
      },
    },
  },
})
