/** What Go's JSON decoder says of a text. Upstream: encoding/json (scanner.go). */
import { parseJson } from '../../api/json.ts'

/** The complaint, or undefined for a good text. */
export function jsonProblem(text: string): string | undefined {
  const parsed = parseJson(text, 0)
  if (parsed.type === 'end') return 'unexpected end of JSON input'
  if (parsed.type === 'value') {
    const rest = text.slice(parsed.end)
    const extra = /\S/.exec(rest)
    return extra === null ? undefined : `invalid character '${extra[0]}' after top-level value`
  }
  return parsed.error === 'unexpected EOF' ? 'unexpected end of JSON input' : parsed.error
}
