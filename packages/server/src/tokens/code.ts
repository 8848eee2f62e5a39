import { tokenHash } from '@doorward/core/crypto'
import type { Deps } from '../deps.ts'
import type { AuthorizationCode } from '../storage/records.ts'
import { newFamilyId } from './jti.ts'
import { newTimedToken } from './timed.ts'

type CodeFacts = Pick<AuthorizationCode, 'grant' | 'redirectUri' | 'codeChallenge' | 'nonce'>

/** An authorization code: the secret that is sent, and what is stored of it (RFC 6749 §4.1.2). `now` in seconds. */
export function newCode(
  facts: CodeFacts,
  { config }: Pick<Deps, 'config'>,
  now: number,
): { readonly code: string; readonly record: AuthorizationCode } {
  const code = newTimedToken(now)
  const expiresAt = now + config.code.lifetimeSeconds
  const record = {
    ...facts,
    hash: tokenHash(code),
    createdAt: now,
    expiresAt,
    consumedAt: null,
    // Named now and not when it is used: the row then grows by a time alone, and its page is seldom split.
    familyId: newFamilyId(now),
  }
  return { code, record }
}
