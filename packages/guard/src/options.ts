import { isScopeToken } from '@doorward/core'
import { SIGNING_ALGS, type SigningAlg } from '@doorward/core/crypto'
import { isSafeAddress } from './discovery.ts'
import type { Fetch } from './fetch-json.ts'
import type { Rejection } from './guard.ts'
import type { KeySourceOptions } from './key-source.ts'
import type { Requirements } from './require.ts'
import type { Verifier } from './verifier.ts'
import type { TokenRules } from './verify.ts'

/** Whose tokens are good, and for whom. */
export type VerifierOptions = {
  /** The `iss` of the tokens, character for character. An https URL; http on localhost only. */
  readonly issuer: string
  /** The `aud` of the tokens: the name of this API. Of several, one must match. */
  readonly audience: string | readonly string[]
  /** Signature algorithms that are accepted. Default: ES256, RS256, PS256, EdDSA. */
  readonly algorithms?: readonly SigningAlg[]
  /** How far the clocks of issuer and API may differ, in seconds. Default 0, at most 300. */
  readonly clockToleranceSeconds?: number
  /** Where the keys are. Default: found by discovery (RFC 8414, OpenID Connect Discovery). */
  readonly jwksUri?: string
  /** Default: the global `fetch`. */
  readonly fetch?: Fetch
  /** The time in seconds since 1970. Default: the system's. */
  readonly clock?: () => number
  /** Verified tokens that are remembered. Default 1000; 0 remembers none. */
  readonly cacheSize?: number
}

/** What a route requires. A list means all of it; a scope text may hold several, separated by spaces. */
export type RequirementOptions = {
  /** Scopes the token must have been granted (RFC 6750 §3.1); without them: 403 `insufficient_scope`. */
  readonly scope?: string | readonly string[]
  /** Roles its subject must hold: the claim `roles` (RFC 9068 §2.2.3.1). */
  readonly role?: string | readonly string[]
  /** Permissions its subject must have at this API: the claim `permissions`. */
  readonly permission?: string | readonly string[]
}

/** How requests are turned away, and who hears of it. */
export type AnswerOptions = {
  /** Names the API in challenges (RFC 9110 §11.5). Default: none. */
  readonly realm?: string
  /** Told of each request that is turned away, to log it. Never gets the token. */
  readonly onRejected?: (rejection: Rejection) => void
}

/** Options of `requireToken` and `optionalToken`: whose tokens, or a verifier that routes share, and what for. */
export type GuardOptions = (VerifierOptions | { readonly verifier: Verifier }) &
  RequirementOptions &
  AnswerOptions

/** A mistake in the options: thrown where the guard is made, never while it serves. */
export class GuardOptionError extends Error {
  override readonly name = 'GuardOptionError'
  /** The option that is wrong, by its name. */
  readonly option: string

  constructor(option: string, message: string) {
    super(message)
    this.option = option
  }
}

/** The options of a verifier, checked and complete. Times are seconds. */
export type VerifierSettings = TokenRules & KeySourceOptions & { readonly cacheSize: number }

/** The options of a guard beside its verifier, checked and complete. */
export type GuardSettings = {
  readonly requirements: Requirements
  readonly realm: string | null
  readonly onRejected: ((rejection: Rejection) => void) | null
}

const VERIFIER_KEYS = [
  ...['issuer', 'audience', 'algorithms', 'clockToleranceSeconds', 'jwksUri', 'fetch', 'clock', 'cacheSize'],
]
const GUARD_KEYS = ['scope', 'role', 'permission', 'realm', 'onRejected']
const MAX_TOLERANCE = 300
const MAX_CACHE = 1_000_000

/** Checks what a verifier needs and fills in defaults. Throws GuardOptionError. */
export function parseVerifierOptions(options: VerifierOptions): VerifierSettings {
  checkKnown(options, VERIFIER_KEYS)
  return {
    issuer: issuerOf(options.issuer),
    audience: names(options.audience, 'audience', 'the URI of this API, as tokens name it in aud'),
    algorithms: algorithmsOf(options.algorithms),
    clockTolerance: number(options.clockToleranceSeconds ?? 0, 'clockToleranceSeconds', MAX_TOLERANCE),
    jwksUri: options.jwksUri === undefined ? null : addressOf(options.jwksUri, 'jwksUri'),
    fetch: options.fetch ?? globalThis.fetch,
    clock: options.clock ?? systemClock,
    cacheSize: number(options.cacheSize ?? 1000, 'cacheSize', MAX_CACHE),
  }
}

/** Splits the options of a guard in those of its verifier and its own. Throws GuardOptionError. */
export function parseGuardOptions(options: GuardOptions): {
  readonly verifier: Verifier | VerifierOptions
  readonly settings: GuardSettings
} {
  checkKnown(options, [...VERIFIER_KEYS, ...GUARD_KEYS, 'verifier'])
  const { scope, role, permission, realm, onRejected, ...rest } = options
  // A requirement that is undefined by mistake would open the route to every token.
  for (const name of ['scope', 'role', 'permission'] as const) {
    if (name in options && options[name] === undefined) {
      throw new GuardOptionError(
        name,
        `${name} is undefined. Leave it out, or say which ${name} the route needs.`,
      )
    }
  }
  const requirements = {
    scopes: scope === undefined ? [] : scopesOf(scope),
    roles: role === undefined ? [] : names(role, 'role', 'the role that the route needs'),
    permissions:
      permission === undefined ? [] : names(permission, 'permission', 'the permission that the route needs'),
  }
  return {
    verifier: 'verifier' in rest ? sharedVerifier(rest) : rest,
    settings: { requirements, realm: realm ?? null, onRejected: onRejected ?? null },
  }
}

function checkKnown(options: object, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null) {
    throw new GuardOptionError('options', 'The options are missing. Give at least { issuer, audience }.')
  }
  const unknown = Object.keys(options).find((name) => !known.includes(name))
  if (unknown === undefined) return
  throw new GuardOptionError(unknown, `There is no option ${unknown}. The options are: ${known.join(', ')}.`)
}

function sharedVerifier(rest: { readonly verifier: Verifier }): Verifier {
  const other = Object.keys(rest).find((name) => name !== 'verifier')
  if (other !== undefined) {
    throw new GuardOptionError(other, `${other} belongs to the verifier. Give it to createVerifier instead.`)
  }
  if (typeof rest.verifier?.verify !== 'function') {
    throw new GuardOptionError('verifier', 'verifier is not a verifier. Make one with createVerifier.')
  }
  return rest.verifier
}

function issuerOf(issuer: unknown): string {
  const address = addressOf(issuer, 'issuer')
  if (/[?#]/.test(address)) {
    throw new GuardOptionError('issuer', 'issuer has a query or a fragment (RFC 8414 §2). Remove it.')
  }
  return address
}

function addressOf(address: unknown, option: string): string {
  if (typeof address !== 'string' || address === '') {
    throw new GuardOptionError(option, `${option} is missing. Give a URL, such as https://id.example.com.`)
  }
  if (!URL.canParse(address))
    throw new GuardOptionError(option, `${option} is not a URL. Start it with https://.`)
  if (!isSafeAddress(address)) {
    const message = `${option} is not https. Keys that come over http can be replaced on their way: use https; http is for localhost only.`
    throw new GuardOptionError(option, message)
  }
  return address
}

function algorithmsOf(algorithms: readonly SigningAlg[] | undefined): readonly SigningAlg[] {
  if (algorithms === undefined) return SIGNING_ALGS
  const all = SIGNING_ALGS.join(', ')
  if (!Array.isArray(algorithms) || algorithms.length === 0) {
    throw new GuardOptionError('algorithms', `algorithms is not a list of at least one of ${all}.`)
  }
  const unknown = algorithms.find((alg) => !SIGNING_ALGS.includes(alg))
  if (unknown === undefined) return [...algorithms]
  throw new GuardOptionError('algorithms', `algorithms holds ${unknown}, which is not one of ${all}.`)
}

function scopesOf(scope: string | readonly string[]): readonly string[] {
  const list =
    typeof scope === 'string' ? scope.split(' ') : names(scope, 'scope', 'the scope that the route needs')
  if (list.every((token) => typeof token === 'string' && isScopeToken(token))) return list
  throw new GuardOptionError(
    'scope',
    'scope is not a list of scope tokens (RFC 6749 §3.3). Separate them by one space.',
  )
}

function names(value: unknown, option: string, what: string): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  const texts = list.filter((name) => typeof name === 'string' && name !== '')
  if (texts.length > 0 && texts.length === list.length) return texts.map(String)
  throw new GuardOptionError(option, `${option} is missing or empty. Give ${what}.`)
}

function number(value: unknown, option: string, most: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most) return value
  throw new GuardOptionError(option, `${option} is not a whole number from 0 to ${most}.`)
}

function systemClock(): number {
  return Math.floor(Date.now() / 1000)
}
