const EDITOR = 'MonacoEditor.tsx'
const NOTHING = '\0no-editor-on-the-server'

/**
 * Vite plugins for the one large part that loads after the page is usable. It runs in browsers only, so the build that
 * renders the pages gets an empty module in its place; and its stylesheet is marked as belonging to its chunk, because
 * Astro deletes every stylesheet that neither a page nor a chunk claims, and a lazy part of an island has no page.
 */
export function lazyEditor() {
  return [
    {
      name: 'nodewise-editor-in-browsers-only',
      enforce: 'pre',
      applyToEnvironment: (environment) => environment.name !== 'client',
      resolveId: (id) => (id.endsWith(`/${EDITOR}`) ? NOTHING : undefined),
      load: (id) => (id === NOTHING ? 'export const MonacoEditor = null' : undefined),
    },
    {
      name: 'nodewise-editor-styles',
      enforce: 'pre',
      applyToEnvironment: (environment) => environment.name === 'client',
      generateBundle: {
        order: 'pre',
        handler(_options, bundle) {
          for (const chunk of Object.values(bundle)) {
            if (chunk.type !== 'chunk' || !Object.keys(chunk.modules).some((id) => id.endsWith(EDITOR))) continue
            for (const css of chunk.viteMetadata?.importedCss ?? []) chunk.viteMetadata?.importedAssets.add(css)
          }
        },
      },
    },
  ]
}
