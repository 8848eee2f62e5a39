import { OAuthError, parseScope } from '@doorward/core'
import { randomToken, sha256 } from '@doorward/core/crypto'
import { respondToken } from '@doorward/core/messages'
import type { Deps } from '../deps.ts'
import { attemptPassword, refusedAttempt } from '../identity/password-attempt.ts'
import { newSession, passwordAuthentication } from '../identity/sessions.ts'
import { decideGrantable, type Grantable, grantFor } from '../policy/grantable.ts'
import { scopeCatalog } from '../policy/resources.ts'
import { decideScopes } from '../policy/scopes.ts'
import type { ProvenUser } from '../storage/ports.ts'
import type { Client } from '../storage/records.ts'
import { newFamilyId } from '../tokens/jti.ts'
import { mintFamily } from './family.ts'
import { loadTarget } from './target.ts'

/** A sign-in at an app's own form. */
export type SignInInput = {
  readonly email: string
  readonly password: string
  /** The id of a first-party client. */
  readonly client: string
  /** Space-separated; absent: all the client may have but offline_access. */
  readonly scope?: string | undefined
  /** The API that the access token is for (RFC 8707); absent: the client's default. */
  readonly resource?: string | undefined
  /** The person's address, for the throttle: `req.ip`, never the app's own. */
  readonly ip: string
  readonly userAgent?: string | null | undefined
}

/** A token response in wire names (RFC 6749 §5.1). */
export type SignInResponse = Readonly<Record<string, unknown>>

type SignInDeps = Pick<Deps, 'config' | 'storage' | 'keyring' | 'passwords' | 'audit' | 'clock'>

/**
 * `auth.signIn()`: first-party sign-in in process, for an app's own login form. Opens a session without a
 * cookie. Throws OAuthError: access_denied for wrong credentials, with status 429 and retryAfter where the
 * throttle did not let them be tried, unauthorized_client, invalid_scope, invalid_target, temporarily_unavailable.
 */
export function createSignIn(deps: SignInDeps): (input: SignInInput) => Promise<SignInResponse> {
  return async (input) => {
    const client = await deps.storage.clients.find(input.client)
    try {
      return await signIn(client, input, deps)
    } catch (cause) {
      recordRefusal(cause, client, input.ip, deps)
      throw cause
    }
  }
}

async function signIn(client: Client | null, input: SignInInput, deps: SignInDeps): Promise<SignInResponse> {
  checkFirstParty(client)
  const grantable = await decideAppGrant(client, input, deps)
  const { email, password, ip } = input
  const attempt = { email, password, ip, clientId: client.id, reference: null }
  const resource = input.resource ?? null
  const outcome = await attemptPassword(attempt, deps, (person) =>
    open({ client, person, grantable, resource, ip }, deps),
  )
  if (outcome.kind === 'refused') throw refusedAttempt(outcome.waitSeconds)
  return outcome.entered
}

/** Puts a refusal on record, but that of an attempt, which is there already and with the cause that only the log says. */
function recordRefusal(cause: unknown, client: Client | null, ip: string, { audit }: SignInDeps): void {
  if (!(cause instanceof OAuthError) || cause.reason === 'sign_in_refused') return
  const { code: error, reason } = cause
  audit.record({ event: 'token.refused', error, reason, clientId: client?.id ?? null, ip })
}

/** What a first-party app is given: it needs no consent (product rule of --first-party). Throws OAuthError. */
async function decideAppGrant(
  client: Client,
  { scope, resource }: SignInInput,
  deps: SignInDeps,
): Promise<Grantable> {
  const catalog = scopeCatalog(await deps.storage.resources.list(), deps.config)
  const asked = {
    scopes: scope === undefined ? [] : parseScope(scope),
    resources: resource === undefined ? [] : [resource],
    claims: { userinfo: [], idToken: [] },
  }
  return decideGrantable(asked, client.metadata, catalog, 'unasked')
}

function checkFirstParty(client: Client | null): asserts client is Client {
  if (client?.metadata.firstParty) return
  throw new OAuthError('unauthorized_client', 'Only a first-party client may sign people in by itself.', {
    reason: client === null ? 'client_unknown' : 'first_party_only',
  })
}

type Opening = {
  readonly client: Client
  readonly person: ProvenUser
  readonly grantable: Grantable
  readonly resource: string | null
  readonly ip: string
}

async function open(
  { client, person, grantable, resource, ip }: Opening,
  deps: SignInDeps,
): Promise<SignInResponse> {
  const now = deps.clock()
  const { user } = person
  const session = newSession(person, passwordAuthentication(now), deps.config, now)
  const grant = grantFor(client, session, grantable, { userinfo: [], idToken: [] })
  const holder = { kind: 'user', id: user.id } as const
  const target = await loadTarget({ requested: resource, granted: grantable.audiences, holder }, deps)
  const { audience, catalog } = target
  const allowed = grantable.scopes
  const scopes = decideScopes({ requested: [], allowed, audiences: [audience], catalog, for: 'user' })
  const start = {
    id: newFamilyId(now),
    grant,
    client,
    user,
    target,
    scopes,
    sessionExpiresAt: session.expiresAt,
    nonce: null,
    now,
  }
  const { family, refreshToken, tokens } = await mintFamily(start, deps)
  // Nobody holds the cookie id: tokens are the only way into this session.
  await deps.storage.families.insertWithSession(session, sha256(randomToken(32)), family, refreshToken)
  const who = { clientId: client.id, userId: user.id, sid: session.sid, ip }
  deps.audit.record({ event: 'session.started', ...who })
  deps.audit.record({ event: 'token.issued', ...who, familyId: family.id, resource: audience })
  return respondToken(tokens)
}
