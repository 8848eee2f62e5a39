import { OAuthError } from './errors.ts'

/** How many scopes a request or a registration may name. */
export const MAX_SCOPES = 100
const MAX_SCOPE_LENGTH = 256
// scope-token = 1*( %x21 / %x23-5B / %x5D-7E ), RFC 6749 §3.3
const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/

/** True where `text` is one scope token of bounded length (RFC 6749 §3.3). */
export function isScopeToken(text: string): boolean {
  return text.length <= MAX_SCOPE_LENGTH && SCOPE_TOKEN.test(text)
}

/** Reads a `scope` value into its tokens, each once, in order (RFC 6749 §3.3). Throws invalid_scope. */
export function parseScope(text: string): readonly string[] {
  const tokens = text.split(' ')
  if (tokens.length > MAX_SCOPES) {
    throw new OAuthError('invalid_scope', 'scope holds more than 100 values. Ask for fewer.', {
      reason: 'scope_malformed',
    })
  }
  if (!tokens.every(isScopeToken)) {
    throw new OAuthError(
      'invalid_scope',
      'scope must be printable ASCII words with one space between them (RFC 6749 section 3.3).',
      { reason: 'scope_malformed' },
    )
  }
  return [...new Set(tokens)]
}

/** Writes scopes as one `scope` value (RFC 6749 §3.3). */
export function formatScope(scopes: readonly string[]): string {
  return scopes.join(' ')
}
