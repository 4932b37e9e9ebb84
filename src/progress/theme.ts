// The theme a reader chose. It must be known before the first paint, so the page runs this script in its head.

export const THEME_KEY = 'nodewise/theme'

/** Sets data-theme from what was stored; without a choice the reader's system decides. Runs in the head, inline. */
export const themeScript = `(function(){try{var t=localStorage.getItem('${THEME_KEY}');if(t==='dark'||t==='light')document.documentElement.dataset.theme=t}catch(e){}})()`

export type Theme = 'light' | 'dark'

/** The theme in force now, whoever chose it. */
export function currentTheme(): Theme {
  const chosen = document.documentElement.dataset.theme
  if (chosen === 'dark' || chosen === 'light') return chosen
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
}

/** Switches the theme and remembers it where the browser allows that. Tells listeners (the editor) through an event. */
export function chooseTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme
  document.dispatchEvent(new CustomEvent('nodewise:theme', { detail: theme }))
  try {
    localStorage.setItem(THEME_KEY, theme)
  } catch {
    // Storage is blocked: the choice holds for this page only.
  }
}
