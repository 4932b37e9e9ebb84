import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

// The colours of the site hold their contrast in both themes: 4.5:1 for text, 3:1 for shapes and strong lines.
const css = readFileSync('src/styles/tokens.css', 'utf8')
const colours = new Map(
  [...css.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map(
    ([, name = '', light = '', dark = '']) => [name, [light, dark]],
  ),
)

const GROUNDS = ['ground', 'raised', 'sunk']
const TEXTS = [
  'ink',
  'quiet',
  'accent',
  'accent-strong',
  'running',
  'not-ready',
  'pending',
  'refused',
  'not-eligible',
  'misscheduled',
  'terminating',
]
const ON_TINT: readonly (readonly [string, string])[] = [
  ['running', 'running-tint'],
  ['ink', 'refused-tint'],
  ['ink', 'accent-tint'],
  ['accent', 'accent-tint'],
  ['on-accent', 'accent'],
  ['on-accent', 'accent-strong'],
]

for (const [theme, i] of [
  ['light', 0],
  ['dark', 1],
] as const) {
  const pairs = [...TEXTS.flatMap((text) => GROUNDS.map((ground) => [text, ground] as const)), ...ON_TINT]
  test.each(pairs)(`%s on %s is readable, ${theme}`, (text, ground) => {
    expect(contrast(colour(text, i), colour(ground, i))).toBeGreaterThanOrEqual(4.5)
  })

  test.each(GROUNDS)(`strong lines are visible on %s, ${theme}`, (ground) => {
    expect(contrast(colour('line-strong', i), colour(ground, i))).toBeGreaterThanOrEqual(3)
  })
}

function colour(name: string, theme: 0 | 1): string {
  const found = colours.get(name)?.[theme]
  if (found === undefined) throw new Error(`There is no colour --${name}.`)
  return found
}

/** WCAG 2.2, contrast ratio. */
function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

function luminance(hex: string): number {
  const channels = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
  const [r, g, b] = channels.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)) as [
    number,
    number,
    number,
  ]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
