import type { Prompt } from '@doorward/core'
import type { StepName } from '../identity/step-token.ts'
import type { ConsentItem } from '../storage/ports.ts'
import type { ClaimsRequest, Client } from '../storage/records.ts'
import { CLAIMS_BY_SCOPE, USER_CLAIMS } from './claims.ts'
import { isConnectionScope } from './connection-scopes.ts'

type ConsentFacts = {
  readonly client: Pick<Client, 'metadata'>
  readonly prompt: ReadonlySet<Prompt>
  readonly done: readonly StepName[]
  /** What the client would get. */
  readonly asked: readonly ConsentItem[]
  /** What this person has allowed this client before. */
  readonly remembered: readonly ConsentItem[]
}

/** In the place of a scope: that the client may call this API at all in the person's name. No scope is empty. */
export const WHOLE_API = ''

/** True where the operator answers for the client: made with --trusted or --first-party. */
function isVouchedFor({ metadata }: Pick<Client, 'metadata'>): boolean {
  return metadata.trusted || metadata.firstParty
}

/**
 * What the person is asked about, unless they have allowed it before: of a client that the operator vouches for, their
 * accounts elsewhere alone, which are not the operator's to give.
 */
export function itemsToAsk(
  client: Pick<Client, 'metadata'>,
  items: readonly ConsentItem[],
): readonly ConsentItem[] {
  return isVouchedFor(client) ? items.filter(({ scope }) => isConnectionScope(scope)) : items
}

/**
 * Whether the person has to be asked: by prompt=consent about everything, else about what has not been allowed before.
 * @see OpenID Connect Core §3.1.2.4
 */
export function consentNeeded({ client, prompt, done, asked, remembered }: ConsentFacts): boolean {
  if (done.includes('consent')) return false
  if (prompt.has('consent')) return true
  const allowed = new Set(remembered.map(itemKey))
  return itemsToAsk(client, asked).some((item) => !allowed.has(itemKey(item)))
}

/** The scopes and single claims of a request as consent is remembered: one item each, claims at the issuer. */
export function consentItems(
  scopes: readonly ConsentItem[],
  claims: readonly string[],
  issuer: string,
): readonly ConsentItem[] {
  return [...scopes, ...claims.map((name) => ({ resource: issuer, scope: `claims:${name}` }))]
}

/**
 * The single claims asked for beyond what the scopes give anyway (OpenID Connect Core §5.5). Claims
 * that nobody could ever be given are not worth a question.
 */
export function claimsBeyondScopes(claims: ClaimsRequest, scopes: readonly string[]): readonly string[] {
  const covered = new Set<string>(
    Object.entries(CLAIMS_BY_SCOPE).flatMap(([scope, names]) => (scopes.includes(scope) ? names : [])),
  )
  const asked = new Set([...claims.userinfo, ...claims.idToken])
  return USER_CLAIMS.filter((name) => asked.has(name) && !covered.has(name))
}

function itemKey({ resource, scope }: ConsentItem): string {
  return `${scope} ${resource}`
}
