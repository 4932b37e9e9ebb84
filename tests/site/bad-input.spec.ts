import { expect, test } from '@playwright/test'
import { Bench, watch } from './bench.ts'

const valid = 'apiVersion: apps/v1\nkind: DaemonSet\nmetadata:\n  name: node-agent\n  namespace: monitoring\n'

const inputs: readonly (readonly [name: string, text: string])[] = [
  ['an empty text', ''],
  ['nothing but blanks', '   \n\n  '],
  ['a text that is no YAML', '}{ not yaml : ['],
  ['tabs for indentation', 'apiVersion: apps/v1\nkind: DaemonSet\nmetadata:\n\tname: node-agent\n'],
  ['one megabyte of text', `${valid}# ${'x'.repeat(1_000_000)}\n`],
  ['Windows line ends', valid.replaceAll('\n', '\r\n')],
  [
    'a Helm template',
    `${valid}spec:\n  {{- if .Values.gpu }}\n  tolerations: {{ toYaml .Values.tolerations | nindent 4 }}\n  {{- end }}\n`,
  ],
  ['duplicate keys', `${valid}kind: DaemonSet\n`],
  [
    'an alias bomb',
    `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefgh'
      .split('')
      .map((key, i) => `${key}: &${key} [${Array(9).fill(`*${'abcdefgh'[i]}`).join(',')}]`)
      .join('\n')}\n`,
  ],
  ['another kind', 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n'],
]

for (const [name, text] of inputs) {
  test(`${name} never breaks the page`, async ({ page }) => {
    const { problems } = watch(page)
    const bench = new Bench(page)
    await bench.openPlain()
    await bench.plain.fill(text)
    await bench.check()
    await expect(page.getByRole('heading', { name: 'No points yet.' })).toBeVisible()
    await expect(page.locator('.fault')).toHaveCount(0)
    await expect(page.locator('body')).not.toContainText(/at \w+ \(http|TypeError|undefined is not/)
    expect((await bench.plain.inputValue()).length).toBe(text.replaceAll('\r\n', '\n').length)
    expect(problems).toEqual([])
  })
}
