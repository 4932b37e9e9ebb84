/** What is wrong with a text, as a code and a place. Sentences for learners are made elsewhere, from these. */
import type { FieldPath } from '../api/field-path.ts'
import type { Span } from './source.ts'

export type DiagnosticCode =
  | 'YamlSyntax'
  | 'DuplicateKey'
  | 'TabIndent'
  | 'UnknownField'
  | 'WrongType'
  | 'WrongCase'
  | 'MissingField'
  | 'UnknownKind'
  | 'WrongApiVersion'
  /** A kind of real clusters that ours does not simulate: always a warning. */
  | 'KindNotSimulated'
  | 'InvalidValue'
  | 'TooLarge'
  | 'AliasBomb'
  | 'TemplateNotRendered'

export interface Diagnostic {
  readonly code: DiagnosticCode
  /** A warning does not keep Kubernetes from taking the object. */
  readonly severity: 'error' | 'warning'
  /** The field, inside its object; empty for the text as a whole. */
  readonly path: FieldPath
  readonly span: Span
  /** The document in the file, from 0. */
  readonly document: number
  /**
   * Facts for the sentence. `field` its name, `parent` where it stands; `suggestion` the nearest known name; `elsewhere`
   * the path where a field of that name belongs; `wanted` and `found` types; `value` the text that is wrong.
   */
  readonly params: Readonly<Record<string, string>>
  /** What Kubernetes or kubectl itself says, if it says anything. */
  readonly kubernetes?: string
}
