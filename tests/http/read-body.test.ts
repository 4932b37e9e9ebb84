import { describe, expect, it } from 'vitest'
import { decodeObject, decodePatch, MAX_BODY_BYTES, readBody } from '../../grader/http/read-body.ts'

const post = (body: BodyInit | null, type = 'application/json') =>
  new Request('http://x/', { method: 'POST', headers: { 'Content-Type': type }, body })

function refusal(text: string, mediaType = 'application/json'): string {
  const decoded = decodeObject({ text, mediaType }, 'Pod', undefined)
  return decoded.ok ? 'accepted' : `${decoded.status.code} ${decoded.status.message}`
}

const UNRECOGNIZED =
  "400 the object provided is unrecognized (must be of type Pod): couldn't get version/kind; json parse error: "

describe('bodies of create and update', () => {
  it.each([
    ['an empty body', '', 'unexpected end of JSON input (<empty>)'],
    ['a broken object', '{bad}', "invalid character 'b' looking for beginning of object key string ({bad})"],
    [
      'a text that breaks off',
      '{"kind":"Pod","metadata":{"name":"a"',
      'unexpected end of JSON input ({"kind":"Pod","metadata":{"nam ...)',
    ],
    ['something after the object', '{} x', "invalid character 'x' after top-level value ({} x)"],
    ['YAML sent as JSON', 'kind: Pod', "invalid character 'k' looking for beginning of value (6b696e643a20506f64)"],
    [
      'a list',
      '[]',
      'json: cannot unmarshal array into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" } (5b5d)',
    ],
    [
      'a kind that is no text',
      '{"kind":5}',
      'json: cannot unmarshal number into Go struct field .kind of type string ({"kind":5})',
    ],
  ])('%s is refused in Go’s words', (_, text, expected) => expect(refusal(text)).toBe(UNRECOGNIZED + expected))

  it('another content type is refused with the ones that are read', () => {
    expect(refusal('{}', 'text/plain')).toBe(
      '415 the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf',
    )
  })

  it('a key that occurs twice is reported with its object, and the last value counts', () => {
    const decoded = decodeObject({ text: '{"spec":{"a":1,"a":2},"kind":"Pod"}', mediaType: '' }, 'Pod', undefined)
    expect(decoded).toMatchObject({ ok: true, value: { object: { spec: { a: 2 } } } })
    expect(decoded.ok && [...decoded.value.duplicates.values()]).toEqual([['a']])
  })

  it('application/yaml is read by the reader that was given', () => {
    const decoded = decodeObject({ text: 'kind: Pod', mediaType: 'application/yaml' }, 'Pod', () => ({
      ok: true,
      json: '{"kind":"Pod"}',
    }))
    expect(decoded).toMatchObject({ ok: true, value: { object: { kind: 'Pod' } } })
  })
})

describe('bodies of patch', () => {
  const patch = (text: string, mediaType: string) => {
    const decoded = decodePatch({ text, mediaType }, true, undefined)
    return decoded.ok ? decoded.value : `${decoded.status.code} ${decoded.status.message}`
  }

  it.each([
    [
      'application/json-patch+json',
      '[{"op":"remove","path":"/a"}]',
      { type: 'json', body: [{ op: 'remove', path: '/a' }] },
    ],
    ['application/merge-patch+json', '{"a":null}', { type: 'merge', body: { a: null } }],
    ['application/strategic-merge-patch+json', '{"a":1}', { type: 'strategic', body: { a: 1 } }],
    ['application/apply-patch+yaml', '{"kind":"Pod"}', { type: 'apply', body: { kind: 'Pod' }, force: true }],
  ])('%s', (type, text, expected) => expect(patch(text, type)).toEqual(expected))

  it.each([
    [
      'no patch type',
      'application/json',
      '{}',
      '415 the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json, application/apply-patch+yaml',
    ],
    [
      'a JSON patch that is no list',
      'application/json-patch+json',
      '{}',
      '400 json: cannot unmarshal object into Go value of type jsonpatch.Patch',
    ],
    ['a broken strategic patch', 'application/strategic-merge-patch+json', '{', '400 unexpected end of JSON input'],
    [
      'a strategic patch that is no object',
      'application/strategic-merge-patch+json',
      '[]',
      '400 json: cannot unmarshal array into Go value of type map[string]interface {}',
    ],
    ['a merge patch that is no object', 'application/merge-patch+json', '[]', '400 Invalid JSON Patch'],
    [
      'an apply that is no object',
      'application/apply-patch+yaml',
      '[]',
      '400 error decoding YAML: json: cannot unmarshal array into Go value of type map[string]interface {}',
    ],
  ])('%s is refused', (_, type, text, expected) => expect(patch(text, type)).toBe(expected))

  it('a JSON patch of more than 10,000 operations is too large', () => {
    const text = JSON.stringify(Array.from({ length: 10_001 }, () => ({ op: 'remove', path: '/a' })))
    expect(patch(text, 'application/json-patch+json')).toBe(
      '413 Request entity too large: The allowed maximum operations in a JSON patch is 10000, got 10001',
    )
  })
})

describe('the size of a body', () => {
  it('3 MiB are read', async () => {
    expect(await readBody(post('x'.repeat(MAX_BODY_BYTES)))).toMatchObject({ ok: true })
  })

  it('one byte more is refused', async () => {
    expect(await readBody(post('x'.repeat(MAX_BODY_BYTES + 1)))).toMatchObject({
      status: { code: 413, reason: 'RequestEntityTooLarge', message: 'Request entity too large: limit is 3145728' },
    })
  })

  it('a body that breaks off is a bad request', async () => {
    const body = new ReadableStream({ start: (controller) => controller.error(new Error('gone')) })
    const request = new Request('http://x/', { method: 'POST', body, duplex: 'half' } as RequestInit)
    expect(await readBody(request)).toMatchObject({ status: { code: 400, message: 'unexpected EOF' } })
  })
})
