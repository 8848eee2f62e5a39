import type { Claims, Provider, Wishes } from '@doorward/client/upstream'
import type { Prompt } from '@doorward/core'
import type { Authentication } from '../storage/records.ts'

/** What a sign-in has to prove beside who it is. Times in seconds. */
export type Demand = {
  /**
   * The person has to prove it anew. `proven`: the provider must say that they did. `asked`: it is asked for where a
   * provider can do that, and its word counts where it gives one.
   */
  readonly again: 'proven' | 'asked' | null
  /** How long ago the person may have proved it; null for any time. */
  readonly maxAge: number | null
  /** True where the person is to pick an account at the provider. */
  readonly select: boolean
  readonly loginHint: string | null
  readonly acrValues: readonly string[]
}

/** What of an authorization request concerns a provider. */
export type AskedOfProvider = {
  readonly prompt: ReadonlySet<Prompt>
  readonly maxAge: number | null
  readonly loginHint: string | null
  readonly acrValues: readonly string[]
}

/** A sign-in of which nothing more is demanded. */
export const NO_DEMAND: Demand = { again: null, maxAge: null, select: false, loginHint: null, acrValues: [] }

/** What a request demands of a sign-in with a provider (OpenID Connect Core §3.1.2.1). */
export function demandOf({ prompt, maxAge, loginHint, acrValues }: AskedOfProvider): Demand {
  return {
    // max_age=0 is prompt=login by another name.
    again: prompt.has('login') || maxAge === 0 ? 'proven' : null,
    maxAge: maxAge === 0 ? null : maxAge,
    select: prompt.has('select_account'),
    loginHint,
    acrValues,
  }
}

/** True where a provider can make somebody prove again who they are, and says when they did. */
export function canAskAgain({ protocol, quirks }: Pick<Provider, 'protocol' | 'quirks'>): boolean {
  return protocol === 'oidc' && quirks?.noReauthentication !== true
}

/** With `prompt=login` any age would do; asked for one, a provider has to say when it was (OpenID Connect Core §2). */
const TELL_THE_TIME = '300'

/**
 * What a provider is asked for beside who it is: `login_hint` and `acr_values` handed on, and a sign-in as fresh as is
 * demanded. Nothing of it to a provider without OpenID Connect, and never `prompt=none`.
 */
export function wishesFor(provider: Provider, demand: Demand): Wishes {
  if (provider.protocol !== 'oidc') return {}
  const { again, maxAge, select, loginHint, acrValues } = demand
  const able = canAskAgain(provider)
  const configured = (provider.authorizationParameters?.prompt ?? '').split(' ').filter((word) => word !== '')
  const prompt = new Set([
    ...configured,
    ...(again !== null && able ? ['login'] : []),
    ...(select || (again !== null && !able) ? ['select_account'] : []),
  ])
  const age = again !== null ? TELL_THE_TIME : maxAge === null ? '' : String(maxAge)
  return {
    ...(prompt.size === 0 ? {} : { prompt: [...prompt].join(' ') }),
    ...(able && age !== '' ? { max_age: age } : {}),
    ...(loginHint === null ? {} : { login_hint: loginHint }),
    ...(acrValues.length === 0 ? {} : { acr_values: acrValues.join(' ') }),
  }
}

/** More than anybody's session holds. */
const MAX_METHODS = 10

/**
 * How a person proved who they are, as the provider's verified claims tell it. `authTime` is the provider's own where it
 * says so, else the moment in which it vouched. `acr` is the provider's only where it was asked for by that very name: ours
 * and a provider's classes are not the same. `amr` is what it says (RFC 8176), and empty where it says nothing.
 */
export function upstreamAuthentication(
  claims: Claims,
  acrValues: readonly string[],
  now: number,
): Authentication {
  const { acr, amr } = claims
  const methods = Array.isArray(amr) ? amr.filter(isMethod) : []
  return {
    authTime: Math.min(toldTime(claims) ?? now, now),
    acr: typeof acr === 'string' && acrValues.includes(acr) ? acr : 'aal1',
    amr: methods.slice(0, MAX_METHODS),
  }
}

/** What it takes to judge how fresh a sign-in is. Times in seconds. */
export type Freshness = {
  /** When the browser was sent to the provider. */
  readonly startedAt: number
  readonly now: number
  /** How far the two clocks may differ. */
  readonly tolerance: number
}

/**
 * True where a sign-in is as fresh as is demanded. `proven` needs the provider's word for when it was: the parameters
 * went through the browser, and whoever sits there can take `prompt=login` out of them.
 */
export function isFreshEnough(
  claims: Claims,
  { again, maxAge }: Pick<Demand, 'again' | 'maxAge'>,
  { startedAt, now, tolerance }: Freshness,
): boolean {
  const told = toldTime(claims)
  if (told === null) return again !== 'proven'
  if (again !== null) return told >= startedAt - tolerance
  return maxAge === null || now - told <= maxAge + tolerance
}

function toldTime({ auth_time: told }: Claims): number | null {
  return typeof told === 'number' && Number.isSafeInteger(told) && told > 0 ? told : null
}

function isMethod(value: unknown): value is string {
  return typeof value === 'string' && /^[\w-]{1,32}$/.test(value)
}
