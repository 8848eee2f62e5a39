import { OAuthError, parsePrompt } from '@doorward/core'
import { randomToken, sha256 } from '@doorward/core/crypto'
import {
  type AuthorizationChallenge,
  type Params,
  parseAuthorizationChallenge,
  parseParams,
  respondAuthorizationChallenge,
} from '@doorward/core/messages'
import type { AuthenticateClient } from '../client-authentication/authenticate.ts'
import type { Deps } from '../deps.ts'
import type { Handler, Inbound } from '../http/inbound.ts'
import type { Reply } from '../http/incoming.ts'
import { recordRefusal } from '../http/refusals.ts'
import { privateJson } from '../http/respond.ts'
import { attemptPassword, refusedAttempt } from '../identity/password-attempt.ts'
import { newSession, passwordAuthentication } from '../identity/sessions.ts'
import { decideGrantable, type Grantable, grantFor } from '../policy/grantable.ts'
import { scopeCatalog } from '../policy/resources.ts'
import type { ProvenUser } from '../storage/ports.ts'
import type { Client } from '../storage/records.ts'
import { newCode } from '../tokens/code.ts'

type ChallengeDeps = Pick<Deps, 'config' | 'storage' | 'passwords' | 'audit' | 'clock'>

/** `/oauth/authorize-challenge` (OAuth 2.0 for First-Party Applications §5): an app's own form, and a code. */
export function createAuthorizationChallengeEndpoint(
  deps: ChallengeDeps,
  authenticate: AuthenticateClient,
): Handler {
  return async (inbound) => {
    const params = parseParams(await inbound.form(), { repeatable: ['resource'] })
    const client = await authenticate(inbound, params)
    try {
      return await answer(inbound, params, client, deps)
    } catch (cause) {
      recordRefusal(cause, inbound, { event: 'authorization.refused', clientId: client.id }, deps)
      throw cause
    }
  }
}

async function answer(inbound: Inbound, params: Params, client: Client, deps: ChallengeDeps): Promise<Reply> {
  const challenge = parseAuthorizationChallenge(params, client.metadata)
  checkChallenge(challenge, params)
  const catalog = scopeCatalog(await deps.storage.resources.list(), deps.config)
  const asked = { ...challenge, claims: { userinfo: [], idToken: [] } }
  const grantable = decideGrantable(asked, client.metadata, catalog, 'unasked')
  const { ip, reference } = inbound
  const attempt = { email: challenge.email, password: challenge.password, ip, reference, clientId: client.id }
  const outcome = await attemptPassword(attempt, deps, (person) =>
    openAndIssue(inbound, { challenge, client, person, grantable }, deps),
  )
  if (outcome.kind === 'refused') throw refusedAttempt(outcome.waitSeconds)
  return privateJson(respondAuthorizationChallenge(outcome.entered))
}

/** Throws OAuthError: redirect_to_web, invalid_request. */
function checkChallenge({ codeChallenge }: AuthorizationChallenge, params: Params): void {
  const prompt = parsePrompt(params.get('prompt'))
  if (prompt.has('consent') || prompt.has('select_account')) {
    throw new OAuthError('redirect_to_web', 'What was asked for needs a page. Use the authorize endpoint.', {
      reason: 'browser_needed',
    })
  }
  // There is no redirect URI here, so the verifier alone ties the code to who asked for it.
  if (codeChallenge === null) {
    throw new OAuthError('invalid_request', 'code_challenge with S256 is needed here.', {
      reason: 'pkce_missing',
    })
  }
}

type SignedIn = {
  readonly challenge: AuthorizationChallenge
  readonly client: Client
  readonly person: ProvenUser
  readonly grantable: Grantable
}

/** Opens a session that no cookie opens, and issues a code for it. */
async function openAndIssue(
  { ip, reference }: Inbound,
  { challenge, client, person, grantable }: SignedIn,
  deps: ChallengeDeps,
): Promise<string> {
  const now = deps.clock()
  const session = newSession(person, passwordAuthentication(now), deps.config, now)
  const facts = {
    grant: grantFor(client, session, grantable, { userinfo: [], idToken: [] }),
    redirectUri: null,
    codeChallenge: challenge.codeChallenge,
    nonce: challenge.nonce,
  }
  const { code, record } = newCode(facts, deps, now)
  // Nobody holds the cookie id: the code is the only way into this session.
  await deps.storage.codes.insertWithSession(session, sha256(randomToken(32)), record)
  const who = { clientId: client.id, userId: session.userId, sid: session.sid, ip, reference }
  deps.audit.record({ event: 'session.started', ...who })
  deps.audit.record({ event: 'authorization.granted', ...who })
  return code
}
