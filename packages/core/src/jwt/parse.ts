import { decodeBase64url, encodeBase64url } from '../crypto/base64url.ts'
import { type SigningAlg, signingAlgNamed } from '../crypto/jwk.ts'
import { JwtError } from '../jwt-error.ts'
import { type JsonObject, parseJsonObject } from './strict-json.ts'

/** Claims that hold a time: seconds since 1970, and here only whole ones. */
const DATE_CLAIMS = ['exp', 'nbf', 'iat', 'auth_time'] as const
const DEFAULT_MAX_BYTES = 16_384

/** What is read of a header. `jwk`, `jku`, `x5u` and `x5c` are not: a token never brings its own key (RFC 8725 §3.10). */
export type JwtHeader = { readonly alg: SigningAlg; readonly kid?: string; readonly typ?: string }

/** A JWT that is well formed. Nothing in it is proven yet. */
export type ParsedJwt = {
  readonly header: JwtHeader
  readonly claims: JsonObject
  /** The text that the signature covers: `<header>.<claims>`. */
  readonly signingInput: string
  readonly signature: Uint8Array
}

/**
 * Takes a compact JWT apart (RFC 7519 §7.2, RFC 7515 §7.1) without believing it. Refuses all but three parts
 * of canonical base64url holding JSON objects in UTF-8 without repeated members, any algorithm that is not one
 * of ours (so `none` and every HMAC), any `crit`, and dates that are not whole seconds. Throws JwtError.
 */
export function parseJwt(token: string, maxBytes = DEFAULT_MAX_BYTES): ParsedJwt {
  if (token.length > maxBytes) throw new JwtError('too_large')
  const first = token.indexOf('.')
  const second = token.indexOf('.', first + 1)
  if (first < 1 || second === -1 || token.includes('.', second + 1)) {
    throw new JwtError('malformed', 'it does not have three parts')
  }
  const header = readHeader(token.slice(0, first))
  const signature = decodePart(token.slice(second + 1))
  const claims = parseJsonObject(decodePart(token.slice(first + 1, second)))
  checkDates(claims)
  return { header, claims, signingInput: token.slice(0, second), signature }
}

/** Headers that were read before: all tokens of one key have the same. */
const known = new Map<string, JwtHeader>()
const MAX_KNOWN = 64
const MAX_KNOWN_LENGTH = 256

function readHeader(part: string): JwtHeader {
  const before = known.get(part)
  if (before !== undefined) return before
  const bytes = decodePart(part)
  const header = Object.freeze(parseHeader(parseJsonObject(bytes)))
  if (part.length > MAX_KNOWN_LENGTH) return header
  if (known.size >= MAX_KNOWN) known.clear()
  // Encoded anew: a slice would keep the token that it was cut from in memory.
  known.set(encodeBase64url(bytes), header)
  return header
}

function decodePart(part: string): Uint8Array {
  const bytes = decodeBase64url(part)
  if (bytes === null || bytes.length === 0)
    throw new JwtError('malformed', 'a part is not canonical base64url')
  return bytes
}

function parseHeader(header: JsonObject): JwtHeader {
  const { kid, typ } = header
  const alg = signingAlgNamed(header.alg)
  if (alg === undefined) {
    throw typeof header.alg === 'string'
      ? new JwtError('alg_not_allowed')
      : new JwtError('malformed', 'alg is missing')
  }
  // RFC 7515 §4.1.11: an extension that is not understood must not be ignored. None is understood.
  if ('crit' in header) throw new JwtError('crit_unknown')
  if (kid !== undefined && typeof kid !== 'string') throw new JwtError('malformed', 'kid is not a text')
  if (typ !== undefined && typeof typ !== 'string') throw new JwtError('malformed', 'typ is not a text')
  return { alg, ...(kid === undefined ? {} : { kid }), ...(typ === undefined ? {} : { typ }) }
}

function checkDates(claims: JsonObject): void {
  for (const name of DATE_CLAIMS) {
    if (claims[name] !== undefined && !Number.isSafeInteger(claims[name])) {
      throw new JwtError('claim_malformed', `${name} is not a whole number of seconds`)
    }
  }
}
