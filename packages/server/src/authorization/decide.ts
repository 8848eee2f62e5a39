import { OAuthError } from '@doorward/core'
import type { AuthorizationRequest } from '@doorward/core/messages'
import type { Deps } from '../deps.ts'
import { readIdTokenHint } from '../identity/id-token-hint.ts'
import type { BrowserSession } from '../identity/sessions.ts'
import type { StepName } from '../identity/step-token.ts'
import { consentNeeded, itemsToAsk } from '../policy/consent-needed.ts'
import { decideGrantable, type Grantable } from '../policy/grantable.ts'
import { scopeCatalog } from '../policy/resources.ts'
import { decideSignIn, type Hint } from '../policy/sign-in-needed.ts'
import type { ProvenAuthorization } from './load.ts'

/** What happens next in an authorization. */
export type Next =
  | { readonly kind: 'choose' }
  /** `current` is who has to prove it again; null where anybody may sign in. */
  | { readonly kind: 'sign-in'; readonly current: BrowserSession | null; readonly done: readonly StepName[] }
  | ({ readonly kind: 'consent' } & Agreed)
  | ({ readonly kind: 'grant' } & Agreed)

/** Who answers the request, what they have done for it, and what it would give. */
export type Agreed = {
  readonly current: BrowserSession
  readonly done: readonly StepName[]
  readonly grantable: Grantable
}

type DecideDeps = Pick<Deps, 'config' | 'storage' | 'keyring' | 'clock'>

/**
 * Finds what stands between a request and its code. Throws OAuthError where nothing can: it goes to the
 * redirect URI.
 */
export async function decideNext(
  proven: ProvenAuthorization,
  request: AuthorizationRequest,
  sessions: readonly BrowserSession[],
  deps: DecideDeps,
): Promise<Next> {
  const catalog = scopeCatalog(await deps.storage.resources.list(), deps.config)
  // Before anybody is asked anything: a request that can give nothing is not worth a sign-in.
  const grantable = decideGrantable(request, proven.client.metadata, catalog, 'by-page')
  const { prompt, maxAge } = request
  const hint = readHint(request, proven, deps)
  const verdict = decideSignIn({ prompt, maxAge, hint, step: proven.step, sessions, now: deps.clock() })
  if (verdict.kind === 'refuse') {
    throw new OAuthError(verdict.code, 'The person that the request needs is not signed in.', {
      reason: verdict.reason,
    })
  }
  if (verdict.kind === 'choose') return verdict
  const current = sessions.find(({ session }) => session.sid === verdict.current?.session.sid) ?? null
  const done = current !== null && proven.step?.sid === current.session.sid ? proven.step.done : []
  if (verdict.kind === 'sign-in' || current === null) return { kind: 'sign-in', current, done }
  const agreed = { current, done, grantable }
  const remembered =
    itemsToAsk(proven.client, grantable.items).length === 0
      ? []
      : await deps.storage.consents.find(current.user.id, proven.client.id)
  if (!consentNeeded({ client: proven.client, prompt, done, asked: grantable.items, remembered })) {
    return { kind: 'grant', ...agreed }
  }
  if (!prompt.has('none')) return { kind: 'consent', ...agreed }
  throw new OAuthError('consent_required', 'The person has not allowed this yet.', {
    reason: 'consent_required',
  })
}

/** Whom the client means, by its hint or by `sub` in claims (OpenID Connect Core §5.5.1). */
function readHint(request: AuthorizationRequest, { client }: ProvenAuthorization, deps: DecideDeps): Hint {
  const { subject } = request.claims
  const facts =
    request.idTokenHint === null ? undefined : readIdTokenHint(request.idTokenHint, client.id, deps)
  if (facts === null && subject === null) return { kind: 'unknown' }
  const named = facts?.userId ?? subject
  if (named === null) return { kind: 'none' }
  if (subject === null || subject === named) return { kind: 'person', userId: named }
  throw new OAuthError('login_required', 'The request names two different people.', {
    reason: 'hint_other_person',
  })
}
