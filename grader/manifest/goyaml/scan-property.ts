/** Anchors, aliases, tags and directives. Upstream: scannerc.go of go.yaml.in/yaml/v2. */
import type { Cursor } from './cursor.ts'
import { isBlank, isBlankOrEnd, isBreakOrEnd, isDigit, isWord } from './cursor.ts'
import type { Mark, Token } from './token.ts'
import { scannerFailure } from './token.ts'

const AFTER_NAME = '?:,]}%@`'
const URI = /^[0-9A-Za-z_\-;/?:@&=+$,.!~*'()[\]%]$/

function takeWord(cursor: Cursor): string {
  let word = ''
  while (isWord(cursor.peek())) word += cursor.take()
  return word
}

/** `&name` or `*name`. */
export function scanAnchor(cursor: Cursor): Token {
  const start = cursor.mark()
  const type = cursor.take() === '&' ? 'anchor' : 'alias'
  const value = takeWord(cursor)
  const next = cursor.peek()
  if (value === '' || !(isBlankOrEnd(next) || AFTER_NAME.includes(next))) {
    throw scannerFailure('did not find expected alphabetic or numeric character', cursor.mark(), start)
  }
  return { type, start, end: cursor.mark(), value, suffix: '', style: 'plain' }
}

/** `!`, `!suffix`, `!!suffix`, `!handle!suffix` or `!<uri>`. */
export function scanTag(cursor: Cursor): Token {
  const start = cursor.mark()
  let handle = ''
  let suffix: string
  if (cursor.peek(1) === '<') {
    cursor.skip(2)
    suffix = scanUri(cursor, '', start)
    if (cursor.peek() !== '>') throw scannerFailure("did not find the expected '>'", cursor.mark(), start)
    cursor.skip()
  } else {
    handle = scanHandle(cursor)
    if (handle.length > 1 && handle.endsWith('!')) suffix = scanUri(cursor, '', start)
    else {
      suffix = scanUri(cursor, handle, start)
      handle = '!'
      if (suffix === '') [handle, suffix] = [suffix, handle]
    }
  }
  if (!isBlankOrEnd(cursor.peek())) {
    throw scannerFailure('did not find expected whitespace or line break', cursor.mark(), start)
  }
  return { type: 'tag', start, end: cursor.mark(), value: handle, suffix, style: 'plain' }
}

function scanHandle(cursor: Cursor): string {
  const handle = cursor.take() + takeWord(cursor)
  return cursor.peek() === '!' ? handle + cursor.take() : handle
}

/** The rest of a tag; `head` is what was read before as a handle and is none. */
function scanUri(cursor: Cursor, head: string, start: Mark): string {
  let uri = head.slice(1)
  let any = head.length > 0
  while (URI.test(cursor.peek())) {
    if (cursor.peek() === '%' && !/^%[0-9A-Fa-f]{2}/.test(cursor.text.slice(cursor.offset, cursor.offset + 3))) {
      throw scannerFailure('did not find URI escaped octet', cursor.mark(), start)
    }
    uri += cursor.take()
    any = true
  }
  if (!any) throw scannerFailure('did not find expected tag URI', cursor.mark(), start)
  return uri
}

/** `%YAML 1.1` or `%TAG ! prefix`. */
export function scanDirective(cursor: Cursor): Token {
  const start = cursor.mark()
  cursor.skip()
  const name = takeWord(cursor)
  if (name === '') throw scannerFailure('could not find expected directive name', cursor.mark(), start)
  if (!isBlankOrEnd(cursor.peek())) {
    throw scannerFailure('found unexpected non-alphabetical character', cursor.mark(), start)
  }
  if (name !== 'YAML' && name !== 'TAG') throw scannerFailure('found unknown directive name', cursor.mark(), start)
  cursor.skipBlanks()
  const token = name === 'YAML' ? scanVersion(cursor, start) : scanTagDirective(cursor, start)
  cursor.skipBlanks()
  cursor.skipComment()
  if (!isBreakOrEnd(cursor.peek())) {
    throw scannerFailure('did not find expected comment or line break', cursor.mark(), start)
  }
  cursor.takeBreak()
  return token
}

function scanVersion(cursor: Cursor, start: Mark): Token {
  const number = (): string => {
    let digits = ''
    while (isDigit(cursor.peek())) {
      if (digits.length >= 2) throw scannerFailure('found extremely long version number', cursor.mark(), start)
      digits += cursor.take()
    }
    if (digits === '') throw scannerFailure('did not find expected version number', cursor.mark(), start)
    return digits
  }
  const major = number()
  if (cursor.peek() !== '.') throw scannerFailure("did not find expected digit or '.' character", cursor.mark(), start)
  cursor.skip()
  const value = `${major}.${number()}`
  return { type: 'version-directive', start, end: cursor.mark(), value, suffix: '', style: 'plain' }
}

function scanTagDirective(cursor: Cursor, start: Mark): Token {
  if (cursor.peek() !== '!') throw scannerFailure("did not find expected '!'", cursor.mark(), start)
  const value = scanHandle(cursor)
  if (value !== '!' && !value.endsWith('!')) throw scannerFailure("did not find expected '!'", cursor.mark(), start)
  if (!isBlank(cursor.peek())) throw scannerFailure('did not find expected whitespace', cursor.mark(), start)
  cursor.skipBlanks()
  const suffix = scanUri(cursor, '', start)
  if (!isBlankOrEnd(cursor.peek())) {
    throw scannerFailure('did not find expected whitespace or line break', cursor.mark(), start)
  }
  return { type: 'tag-directive', start, end: cursor.mark(), value, suffix, style: 'plain' }
}
