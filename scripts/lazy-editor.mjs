const LAZY = ['MonacoEditor.tsx', 'XtermView.tsx']
const NOTHING = '\0browsers-only/'

/**
 * Vite plugins for the large parts that load after the page is usable: the editor and the terminal. They run in browsers
 * only, so the build that renders the pages gets an empty module in their place; and their stylesheets are marked as
 * belonging to their chunks, because Astro deletes every stylesheet that neither a page nor a chunk claims, and a lazy
 * part of an island has no page.
 */
export function lazyEditor() {
  return [
    {
      name: 'nodewise-browsers-only',
      enforce: 'pre',
      applyToEnvironment: (environment) => environment.name !== 'client',
      resolveId: (id) => {
        const file = LAZY.find((name) => id.endsWith(`/${name}`))
        return file === undefined ? undefined : NOTHING + file
      },
      load: (id) =>
        id.startsWith(NOTHING) ? `export const ${id.slice(NOTHING.length).replace('.tsx', '')} = null` : undefined,
    },
    {
      name: 'nodewise-lazy-styles',
      enforce: 'pre',
      applyToEnvironment: (environment) => environment.name === 'client',
      generateBundle: {
        order: 'pre',
        handler(_options, bundle) {
          for (const chunk of Object.values(bundle)) {
            if (chunk.type !== 'chunk' || !Object.keys(chunk.modules).some(isLazy)) continue
            for (const css of chunk.viteMetadata?.importedCss ?? []) chunk.viteMetadata?.importedAssets.add(css)
          }
        },
      },
    },
  ]
}

const isLazy = (id) => LAZY.some((name) => id.endsWith(name))
