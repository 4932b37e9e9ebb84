/** Tokens of the YAML reader that kubectl uses, and the one way it fails. Upstream: go.yaml.in/yaml/v2. */

/** A place in the text; `line` and `column` count from 0, in UTF-16 units. */
export interface Mark {
  readonly offset: number
  readonly line: number
  readonly column: number
}

export type TokenType =
  | 'stream-start'
  | 'stream-end'
  | 'version-directive'
  | 'tag-directive'
  | 'document-start'
  | 'document-end'
  | 'block-sequence-start'
  | 'block-mapping-start'
  | 'block-end'
  | '['
  | ']'
  | '{'
  | '}'
  | ','
  | '-'
  | '?'
  | ':'
  | 'alias'
  | 'anchor'
  | 'tag'
  | 'scalar'

export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded'

export interface Token {
  readonly type: TokenType
  readonly start: Mark
  readonly end: Mark
  /** Text of a scalar, name of an anchor or alias, handle of a tag or %TAG; version as `1.1`. */
  readonly value: string
  /** Suffix of a tag, prefix of %TAG. */
  readonly suffix: string
  readonly style: ScalarStyle
}

/** The text is no YAML for kubectl's reader. `message` is go-yaml's, without `yaml: `; caught at the door of this folder. */
export class YamlFailure extends Error {
  readonly at: Mark | undefined

  constructor(message: string, at?: Mark) {
    super(message)
    this.at = at
  }
}

/** A fault that the scanner finds: the line it names is the one it stands in. */
export function scannerFailure(problem: string, at: Mark, context: Mark): YamlFailure {
  const line = at.line !== 0 ? at.line + 1 : context.line
  return new YamlFailure(line === 0 ? problem : `line ${line}: ${problem}`, at)
}

/**
 * A fault that the parser finds: upstream forgets that lines count from 0, so the line it names is one less, and none for
 * the first unless the enclosing block began later.
 */
export function parserFailure(problem: string, at: Mark, context?: Mark): YamlFailure {
  const line = at.line !== 0 ? at.line : (context?.line ?? 0)
  return new YamlFailure(line === 0 ? problem : `line ${line}: ${problem}`, at)
}
