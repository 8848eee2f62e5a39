import { setTimeout as sleep } from 'node:timers/promises'
import {
  ClientError,
  createRefresher,
  createSealer,
  type Kept,
  type KeyRing,
  type LiveToken,
  type ProviderDeps,
  type Refresher,
  refreshTokens,
  resealAll,
  revokeTokens,
  type Sealer,
  secretUse,
  type TokenSet,
  type VaultRow,
} from '@doorward/client/vault'
import { randomToken } from '@doorward/core/crypto'
import type { Deps } from '../deps.ts'
import { authorityOf } from '../policy/upstream-account.ts'
import type { Upstreams } from './providers.ts'

/** The tokens that providers gave for people's identities there: sealed at rest, live when they are asked for. */
export type Connections = {
  /** Seals and keeps the tokens of an identity, replacing those before. Throws ClientError unknown_provider. */
  keep(identityId: string, provider: string, tokens: TokenSet): Promise<void>
  /**
   * A live access token of an identity, refreshed where it is needed: once, however many ask on however many nodes. A
   * refused refresh forgets the tokens, not the identity. Throws ClientError as the client's Refresher does, and
   * unknown_provider where the tokens that are kept came from another provider of the settings than the one of that id.
   */
  accessToken(identityId: string, provider: string): Promise<LiveToken>
  /**
   * Runs `unlink`, and answers what it does. Where the tokens went with their identity, they are then revoked at the
   * provider, as far as it lets them be.
   */
  forget<T>(identityId: string, unlink: () => Promise<T>): Promise<T>
  /** Brings rows under the first secret; answers how many. Any number of nodes may do so at once. */
  reseal(): Promise<number>
  /** How many rows no secret of the list opens. */
  countClosed(): Promise<number>
}

type ConnectionsDeps = Pick<Deps, 'clock'> & {
  readonly storage: Pick<Deps['storage'], 'connections'>
  readonly ring: KeyRing
  /** The providers of the settings. */
  readonly upstreams: Pick<Upstreams, 'providers'>
}

type All = ConnectionsDeps & { readonly sealer: Sealer }

/** Tokens that can be refreshed stay as long as their identity: 9999-12-31, in seconds. */
const NEVER = 253_402_214_400

/** Makes the connections of one process. */
export function createConnections(deps: ConnectionsDeps): Connections {
  const { storage, ring, clock } = deps
  const vault = storage.connections
  const sealer = createSealer(ring, clock)
  const all = { ...deps, sealer }
  const refreshers = new Map(
    [...deps.upstreams.providers].map(([id, asked]) => [id, refresherFor(asked, all)]),
  )
  const revoke = async (row: VaultRow): Promise<void> => {
    const opened = sealer.open(row)
    const asked = opened === null ? null : findAt(opened.provider, deps)
    if (opened !== null && asked !== null) await revokeTokens(opened.tokens, asked)
  }
  return {
    keep: (identityId, provider, tokens) => keep(identityId, provider, tokens, all),
    async accessToken(identityId, provider) {
      const refresher = refreshers.get(provider)
      if (refresher === undefined) throw new ClientError('unknown_provider', { provider })
      const { accessToken, expiresAt, scope } = await refresher.getToken(identityId)
      return { accessToken, expiresAt, scope }
    },
    async forget(identityId, unlink) {
      const row = await vault.find(identityId)
      const outcome = await unlink()
      if (row !== null && (await vault.find(identityId)) === null) await revoke(row)
      return outcome
    },
    reseal: () => resealAll({ vault, ring, sealer }),
    async countClosed() {
      const uses = await secretUse({ vault, ring })
      return uses.reduce((total, { place, rows }) => (place === null ? total + rows : total), 0)
    },
  }
}

/**
 * Refreshes, and hands out, what one provider of the settings gave. Two may be at one issuer and sign in the same identity,
 * one with scopes that the person was asked about for that one alone.
 */
function refresherFor(asked: ProviderDeps, { storage, sealer, clock }: All): Refresher {
  const vault = storage.connections
  const place = placeOf(asked)
  const open: Sealer['open'] = (row) => {
    const opened = sealer.open(row)
    if (opened === null || opened.provider === place) return opened
    throw new ClientError('unknown_provider', { provider: asked.provider.id })
  }
  return createRefresher({
    vault,
    sealer: { ...sealer, open },
    clock,
    refresh: (_, refreshToken) => refreshTokens(refreshToken, asked),
    discard: (_, tokens) => revokeTokens(tokens, asked),
    end: async ({ ref, version }) => void (await vault.deleteVersion(ref, version)),
  })
}

/**
 * Where tokens were issued, as it is sealed with them: under the same id an operator may configure another provider, and
 * no token of the old one is sent there.
 */
function placeOf({ provider }: ProviderDeps): string {
  return `${provider.id} ${authorityOf(provider, null)}`
}

function findAt(place: string, { upstreams }: Pick<ConnectionsDeps, 'upstreams'>): ProviderDeps | null {
  const asked = upstreams.providers.get(place.split(' ', 1)[0] ?? '')
  return asked !== undefined && placeOf(asked) === place ? asked : null
}

/** How often a sign-in without a refresh token looks for the one before, while that is being used; and the rest between. */
const MOST_LOOKS = 20
const REST_MS = 150
/** Seconds that it has for itself. */
const LEASE_SECONDS = 6

async function keep(ref: string, provider: string, tokens: TokenSet, deps: All): Promise<void> {
  const { sealer, storage } = deps
  const asked = deps.upstreams.providers.get(provider)
  if (asked === undefined) throw new ClientError('unknown_provider', { provider })
  const kept = { provider: placeOf(asked), tokens }
  const left = tokens.refreshToken === null ? await keepBeside(ref, kept, deps) : kept
  if (left !== null) await storage.connections.put(sealer.seal(ref, left, endOf(left.tokens)))
}

/** Nothing comes of a token that has expired and cannot be refreshed. No column takes any number that a provider names. */
function endOf({ refreshToken, expiresAt }: TokenSet): number {
  return refreshToken === null && expiresAt !== null ? Math.min(expiresAt, NEVER) : NEVER
}

/**
 * Some providers (Google) give a refresh token at the first sign-in alone, which goes on to hold: it is kept beside the
 * new access token. Under the lease, so that it is not one that somebody is exchanging for another at this moment. Answers what
 * is left to be kept: null where that is done. Of whoever takes too long only the refresh token that was there before is known,
 * and without it nothing but the person's withdrawing their consent there would bring another.
 */
async function keepBeside(
  ref: string,
  kept: Kept,
  { storage: { connections }, sealer, clock }: All,
): Promise<Kept | null> {
  const holder = randomToken(12)
  let beside = kept
  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
    const row = await connections.find(ref)
    const before = row === null ? null : sealer.open(row)
    const refreshToken = before?.provider === kept.provider ? before.tokens.refreshToken : null
    if (row === null || refreshToken === null) return kept
    beside = { ...kept, tokens: { ...kept.tokens, refreshToken } }
    const lease = { holder, now: clock(), until: clock() + LEASE_SECONDS }
    if (await connections.lease(ref, row.version, lease)) {
      if (await connections.replace(sealer.sealNext(row, beside))) return null
    }
    await sleep(REST_MS)
  }
  return beside
}
