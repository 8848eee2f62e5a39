import type { IssuedTokens, TokenRequest } from '@doorward/core/messages'
import type { Deps } from '../deps.ts'
import type { Client } from '../storage/records.ts'

/** What every grant uses. */
export type GrantDeps = Pick<Deps, 'config' | 'storage' | 'keyring' | 'audit' | 'clock'>

/** A token request whose client is proven, and where it came from, for the record. */
export type GrantContext = { readonly client: Client; readonly ip: string; readonly reference: string }

/** What a grant answers, and what goes on record of it. */
export type Granted = {
  readonly tokens: IssuedTokens
  readonly userId: string | null
  readonly sid: string | null
  readonly familyId: string | null
  readonly audience: string
}

/** One grant type: it answers with tokens, or throws OAuthError. */
export type GrantHandler<Request extends TokenRequest> = (
  request: Request,
  context: GrantContext,
) => Promise<Granted>
