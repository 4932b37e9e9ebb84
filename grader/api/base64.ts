// RFC 4648 base64 of UTF-8 text, without the runtime's own: the simulation knows neither Buffer nor btoa.
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

function utf8Bytes(text: string): number[] {
  const bytes: number[] = []
  for (const char of text) {
    const code = char.codePointAt(0)!
    if (code < 0x80) bytes.push(code)
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63))
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63))
    else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63))
  }
  return bytes
}

/** Standard base64 with padding. */
export function encodeBase64(text: string): string {
  const bytes = utf8Bytes(text)
  let out = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i
    const word = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0)
    out += ALPHABET[word >> 18]! + ALPHABET[(word >> 12) & 63]!
    out += left > 1 ? ALPHABET[(word >> 6) & 63]! : '='
    out += left > 2 ? ALPHABET[word & 63]! : '='
  }
  return out
}

/** The text of ASCII base64, or undefined if it is none. Padding may lack. */
export function decodeBase64(encoded: string): string | undefined {
  const digits = encoded.replace(/=+$/, '')
  let text = ''
  let word = 0
  let bits = 0
  for (const digit of digits) {
    const value = ALPHABET.indexOf(digit)
    if (value < 0) return undefined
    word = ((word << 6) | value) & 0xffffff
    bits += 6
    if (bits < 8) continue
    bits -= 8
    text += String.fromCharCode((word >> bits) & 255)
  }
  return text
}
