// A lesson's claim: a scenario whose `expect` expressions must hold at its end. A claim that stops holding fails the build.
import { parseYaml } from '../manifest/yaml-value.ts'
import { playScenario } from '../scenario/play.ts'
import { type AuthorError, decodeScenario } from '../scenario/scenario.ts'
import { createCelEnvironment } from './cel.ts'
import { createClusterView } from './cluster-view.ts'

export interface ClaimReport {
  /** The sentence that the lesson makes. */
  readonly claim: string
  readonly holds: boolean
  /** Expressions that are not true at the end, with what they are instead. */
  readonly broken: readonly string[]
  /** The author's mistakes: the scenario cannot be read, or an expression cannot be understood. */
  readonly errors: readonly AuthorError[]
}

/** Plays a claim file (docs/formats/cluster.md) with one seed. Never throws for what its author wrote. */
export function checkClaim(text: string, seed = 1): ClaimReport {
  const yaml = parseYaml(text)
  if (yaml.error !== undefined) return unreadable('', [{ path: '', message: yaml.error }])
  const { claim = '', expect = [] } = (yaml.value ?? {}) as { readonly claim?: unknown; readonly expect?: unknown }
  const decoded = decodeScenario(yaml.value, (inline) => parseYaml(inline).value)
  if (decoded.value === undefined) return unreadable(String(claim), decoded.errors)
  const expressions = Array.isArray(expect) ? expect.map(String) : []
  if (claim === '') return unreadable('', [{ path: 'claim', message: 'a claim says its sentence' }])
  if (expressions.length === 0)
    return unreadable(String(claim), [{ path: 'expect', message: 'a claim expects something: a list of expressions' }])
  const { story } = playScenario(decoded.value, seed)
  const view = createClusterView(story.cluster.store, 'default')
  const environment = createCelEnvironment(() => view)
  const errors: AuthorError[] = []
  const broken: string[] = []
  for (const [i, expression] of expressions.entries()) {
    const compiled = environment.compile(expression)
    if ('problem' in compiled)
      errors.push({
        path: `expect.${i}`,
        message: `${compiled.problem.message} (at character ${compiled.problem.offset + 1} of: ${expression})`,
      })
    else {
      const found = outcomeOf(() => compiled.expression({}))
      if (found !== true) broken.push(`${expression}: ${String(found)}`)
    }
  }
  return { claim: String(claim), holds: errors.length === 0 && broken.length === 0, broken, errors }
}

function unreadable(claim: string, errors: readonly AuthorError[]): ClaimReport {
  return { claim, holds: false, broken: [], errors }
}

/** A missing key is CEL's error; here it is what the expression came to. */
function outcomeOf(ask: () => unknown): unknown {
  try {
    return ask()
  } catch (error) {
    return (error instanceof Error ? error.message : String(error)).split('\n')[0]
  }
}
