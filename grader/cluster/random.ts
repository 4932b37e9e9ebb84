// The only source of chance. Pod suffixes, uids and ties come from here, so the same seed gives the same story.

/** Upstream: k8s.io/apimachinery/pkg/util/rand: no vowels and no look-alikes. */
const SUFFIX_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789'
const HEX = Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0))
/** Where the 32 digits of a uid stand between its dashes. */
const UID_PLACES = Array.from({ length: 36 }, (_, i) => i).filter((i) => i !== 8 && i !== 13 && i !== 18 && i !== 23)
/** The character codes of a uid under construction. */
const uidCodes = Array<number>(36).fill('-'.charCodeAt(0))

/** One flat text: uids become parts of keys everywhere. */
function formatUid(words: readonly [number, number, number, number]): string {
  for (let i = 0; i < 32; i++) uidCodes[UID_PLACES[i]!] = HEX[(words[i >> 3]! >>> ((i & 7) * 4)) & 15]!
  return String.fromCharCode.apply(null, uidCodes)
}

export interface Random {
  /** A whole number from 0 up to, not including, `below`. */
  integer(below: number): number
  /** Letters as the API server appends them to generateName. */
  suffix(length: number): string
  /** A version 4 UUID. */
  uid(): string
  /** A generator of its own, independent of how often the others are asked. */
  fork(name: string): Random
}

/** A generator from a seed (any number) by sfc32; `name` separates streams of one seed. */
export function createRandom(seed: number, name = ''): Random {
  let [a, b, c, d] = seedState(seed, name)
  const next = (): number => {
    const t = (a + b + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + t) | 0
    return t >>> 0
  }
  for (let i = 0; i < 12; i++) next()
  const integer = (below: number) => Math.floor((next() / 4_294_967_296) * below)
  return {
    integer,
    suffix(length) {
      let text = ''
      for (let i = 0; i < length; i++) text += SUFFIX_ALPHABET[integer(SUFFIX_ALPHABET.length)]!
      return text
    },
    uid() {
      const first = next()
      // Version 4, variant 1.
      const second = (next() & ~0xf0000) | 0x40000
      const third = (next() & ~0xc) | 8
      return formatUid([first, second, third, next()])
    },
    fork: (fork) => createRandom(seed, `${name}/${fork}`),
  }
}

function seedState(seed: number, name: string): [number, number, number, number] {
  let hash = 2_166_136_261
  for (const char of `${seed}:${name}`) hash = Math.imul(hash ^ char.codePointAt(0)!, 16_777_619)
  return [hash | 0, Math.imul(hash, 0x9e3779b1) | 0, seed | 0, 1]
}
