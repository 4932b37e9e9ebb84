/** Labels, annotations and tolerations over several lines. Upstream: describe.go (print*Multiline). */
import { compareStrings, sortBy } from '../../api/compare.ts'
import type { Toleration, TopologySpreadConstraint } from '../../api/core.ts'
import { formatLabelSelector } from '../../api/labels.ts'
import type { StringMap } from '../../api/meta.ts'
import type { Writer } from './writer.ts'

/** `title:` and one `key=value` per line. */
export function writeLabels(writer: Writer, title: string, labels: StringMap | undefined): void {
  const keys = Object.keys(labels ?? {}).sort(compareStrings)
  writeLines(
    writer,
    title,
    keys.map((key) => `${key}=${labels?.[key] ?? ''}`),
  )
}

const MAX_ANNOTATION = 140
const HIDDEN_ANNOTATION = 'kubectl.kubernetes.io/last-applied-configuration'

/** `title:` and one `key: value` per line; long values stand below their key and are cut. */
export function writeAnnotations(writer: Writer, title: string, annotations: StringMap | undefined): void {
  const keys = Object.keys(annotations ?? {})
    .filter((key) => key !== HIDDEN_ANNOTATION)
    .sort(compareStrings)
  writeLines(
    writer,
    title,
    keys.map((key) => {
      const value = (annotations?.[key] ?? '').replace(/\n$/, '')
      if (value.length + key.length + 2 <= MAX_ANNOTATION && !value.includes('\n')) return `${key}: ${value}`
      return [`${key}:`, ...value.split('\n').map((line) => `\t  ${shorten(line, MAX_ANNOTATION - 2)}`)].join('\n')
    }),
  )
}

const shorten = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most)}...` : text)

export function writeTolerations(writer: Writer, title: string, tolerations: readonly Toleration[] | undefined): void {
  writeLines(writer, title, sortBy(tolerations ?? [], (t) => t.key ?? '').map(formatToleration))
}

function formatToleration({ key = '', value = '', effect, operator, tolerationSeconds }: Toleration): string {
  const head = `${key}${value === '' ? '' : `=${value}`}${effect === undefined ? '' : `:${effect}`}`
  const exists = operator === 'Exists' && value === '' ? `${head === '' ? '' : ' '}op=Exists` : ''
  return `${head}${exists}${tolerationSeconds === undefined ? '' : ` for ${tolerationSeconds}s`}`
}

export function writeSpreadConstraints(
  writer: Writer,
  space: string,
  constraints: readonly TopologySpreadConstraint[] | undefined,
): void {
  if (constraints === undefined || constraints.length === 0) return
  writeLines(
    writer,
    `${space}Topology Spread Constraints`,
    sortBy(constraints, (c) => c.topologyKey).map(
      (c) =>
        `${c.topologyKey}:${c.whenUnsatisfiable} when max skew ${c.maxSkew} is exceeded${c.labelSelector === undefined ? '' : ` for selector ${formatLabelSelector(c.labelSelector)}`}`,
    ),
  )
}

/** The title, then the lines below each other in the second column; `<none>` without any. */
export function writeLines(writer: Writer, title: string, lines: readonly string[]): void {
  if (lines.length === 0) writer.write(0, `${title}:\t<none>\n`)
  for (const [i, line] of lines.entries()) writer.write(0, `${i === 0 ? `${title}:` : ''}\t${line}\n`)
}
