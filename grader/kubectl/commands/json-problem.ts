/** What Go's JSON decoder says of a text. Upstream: encoding/json (scanner.go). */
import { parseJsonBody } from '../../api/json.ts'

/** The complaint, or undefined for a good text. */
export function jsonProblem(text: string): string | undefined {
  const parsed = parseJsonBody(text)
  if (parsed.type === 'value') return undefined
  return parsed.error === 'unexpected EOF' ? 'unexpected end of JSON input' : parsed.error
}
