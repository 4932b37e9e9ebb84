import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeProtobuf } from '../../grader/http/protobuf.ts'

const bytes = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
const decode = (hex: string) => {
  const decoded = decodeProtobuf(bytes(hex))
  return decoded.ok ? decoded.value : decoded.error
}

// Bodies that kubectl 1.33 sent, caught on the wire.
describe('protobuf bodies of kubectl', () => {
  it('create namespace logging', () => {
    const sent =
      '6b3873000a0f0a02763112094e616d657370616365121f0a170a076c6f6767696e6712001a0022002a0032003800420012001a020a001a002200'
    expect(decode(sent)).toEqual({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'logging', generation: 0 },
      spec: {},
      status: {},
    })
  })

  it('create quota q --hard=pods=3: quantities are texts', () => {
    const sent =
      '6b3873000a130a027631120d5265736f7572636551756f746112240a110a017112001a0022002a0032003800420012' +
      '0d0a0b0a04706f647312030a01331a001a002200'
    expect(decode(sent)).toMatchObject({ kind: 'ResourceQuota', spec: { hard: { pods: '3' } } })
  })

  it('create secret generic x --from-literal=a=b: bytes are base64', () => {
    const sent =
      '6b3873000a0c0a0276311206536563726574121d0a110a017812001a0022002a0032003800420012060a01611201621a001a002200'
    expect(decode(sent)).toMatchObject({ kind: 'Secret', data: { a: 'Yg==' } })
  })

  it('create pdb p --min-available=1: numbers or percentages', () => {
    const sent =
      '6b3873000a200a09706f6c6963792f76311213506f6444697372757074696f6e42756467657412330a110a017012001a0022002a00320038004200' +
      '12120a06080010011a0012080a060a01611201621a0a080018002000280030001a002200'
    expect(decode(sent)).toMatchObject({
      apiVersion: 'policy/v1',
      spec: { minAvailable: 1, selector: { matchLabels: { a: 'b' } } },
    })
  })

  it.each([
    [
      'JSON sent as protobuf',
      '7b7d',
      'provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]',
    ],
    ['a kind that is not served', '6b3873000a070a0276311201781200', 'no kind "x" is registered for version "v1"'],
    ['a body that breaks off', '6b3873000a0f0a0276', 'unexpected EOF'],
    ['a wire type that is none', '6b3873000f', 'proto: illegal wireType 7'],
  ])('%s is refused', (_, sent, expected) => expect(decode(sent)).toBe(expected))
})

describe('bytes that nobody meant', () => {
  const sent = bytes(
    '6b3873000a150a07617070732f7631120a4465706c6f796d656e74129b010a1b0a016412001a0022002a003200380042005a080a0361707012016412' +
      '6e0801120a0a080a036170701201641a560a1a0a0012001a0022002a003200380042005a080a036170701201641238121a0a01781201782a0042006a' +
      '007200800100880100900100a201001a00320042004a0052005800600068',
  )

  it('10,000 broken messages are decoded or refused, and never throw', () => {
    const change = fc.record({ at: fc.nat(sent.length - 1), to: fc.nat(255) })
    const broken = fc.tuple(fc.array(change, { maxLength: 6 }), fc.nat(sent.length)).map(([changes, length]) => {
      const copy = Uint8Array.from(sent)
      for (const { at, to } of changes) copy[at] = to
      return copy.subarray(0, length)
    })
    fc.assert(
      fc.property(fc.oneof(broken, fc.uint8Array({ maxLength: 200 })), (input) => {
        expect(typeof decodeProtobuf(input).ok).toBe('boolean')
      }),
      { numRuns: 10_000, seed: 1 },
    )
  })
})
