/** Text with levels and tab-separated columns. Upstream: k8s.io/kubectl/pkg/describe/describe.go (PrefixWriter, tabbedString). */
import { alignTabs, DESCRIBE_TABLE } from '../print/tabwriter.ts'

export interface Writer {
  /** Appends the text, indented by two blanks per level. */
  write(level: number, text: string): void
  /** All that was written, its columns aligned. */
  text(): string
}

export function createWriter(): Writer {
  const parts: string[] = []
  return {
    write: (level, text) => void parts.push('  '.repeat(level) + text),
    text: () => alignTabs(parts.join(''), DESCRIBE_TABLE),
  }
}
