import { JwtError } from '../jwt-error.ts'

/** Deeper nesting than any claim needs: a bound for the recursion below. */
const MAX_DEPTH = 16
const QUOTE = 0x22
const COLON = 0x3a
const BACKSLASH = 0x5c
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** A JSON object of which nothing is known yet. */
export type JsonObject = Readonly<Record<string, unknown>>

/**
 * Parses a JSON object from UTF-8 bytes and refuses what two parsers could read in two ways: members that
 * repeat at any depth (RFC 8725 §2.4, RFC 7519 §4), invalid UTF-8, numbers too large to hold. Throws JwtError
 * `malformed`, `claim_repeated` or `claim_malformed`.
 */
export function parseJsonObject(bytes: Uint8Array): JsonObject {
  const text = decodeUtf8(bytes)
  const value = parseJson(text)
  if (!isObject(value)) throw new JwtError('malformed', 'a part is not a JSON object')
  // Each member has one colon outside of strings; JSON.parse keeps only the last of equal names.
  if (countMembers(value, 1) !== countColons(text)) throw new JwtError('claim_repeated')
  return value
}

/** True for a JSON object: no array, no null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Buffer decodes several times as fast, and marks what it could not read; the mark may also be in the text itself. */
function decodeUtf8(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
  if (!text.includes('\ufffd')) return text
  try {
    return utf8.decode(bytes)
  } catch {
    throw new JwtError('malformed', 'a part is not UTF-8')
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new JwtError('malformed', 'a part is not JSON')
  }
}

function countMembers(value: unknown, depth: number): number {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new JwtError('claim_malformed', 'a number is too large')
  }
  if (typeof value !== 'object' || value === null) return 0
  if (depth > MAX_DEPTH) throw new JwtError('malformed', 'a part is nested too deeply')
  const names = Array.isArray(value) ? [] : Object.keys(value)
  // Copied by assignment, such a member would replace the prototype of the copy.
  if (names.includes('__proto__')) throw new JwtError('malformed', 'a member is named __proto__')
  let count = names.length
  for (const member of Object.values(value)) count += countMembers(member, depth + 1)
  return count
}

/** Colons outside of strings, in text that is known to be JSON. */
function countColons(text: string): number {
  let count = 0
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code === COLON) count += 1
    else if (code === QUOTE) index = endOfString(text, index)
  }
  return count
}

function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1)
  while (isEscaped(text, end)) end = text.indexOf('"', end + 1)
  return end
}

/** True where an odd number of backslashes stands before the quote. */
function isEscaped(text: string, quote: number): boolean {
  let index = quote - 1
  while (text.charCodeAt(index) === BACKSLASH) index -= 1
  return (quote - 1 - index) % 2 === 1
}
