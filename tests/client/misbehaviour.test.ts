import { type ClientErrorCode, oidc } from '@doorward/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAgent } from '../support/agent.ts'
import { type Fault, faults, isFault } from '../support/providers/faults.ts'
import { type OidcStandIn, startOidcProvider } from '../support/providers/oidc.ts'
import { type SignInApp, sessionOf, signInAt, startSignInApp, untilCallback } from '../support/sign-in-app.ts'

/** Each fault with the one cause code that it ends in; null where it does no harm, and the sign-in goes on. */
const expected = {
  'discovery-server-error': 'provider_failed',
  'discovery-unavailable': 'provider_failed',
  'discovery-dropped': 'provider_unreachable',
  'discovery-giant': 'answer_too_large',
  'discovery-slow': 'answer_timed_out',
  'discovery-cut-off': 'provider_unreachable',
  'discovery-not-json': 'answer_unreadable',
  'discovery-not-an-object': 'answer_unreadable',
  'discovery-wrong-type': null,
  'discovery-redirects': 'answer_redirected',
  'discovery-other-issuer': 'discovery_issuer_mismatch',
  'discovery-no-token-endpoint': 'discovery_incomplete',
  'iss-wrong': 'authorization_issuer_mismatch',
  'iss-missing': 'authorization_issuer_missing',
  'state-wrong': 'state_unknown',
  'state-missing': 'state_missing',
  'code-missing': 'callback_malformed',
  'access-denied': 'access_denied',
  'authorization-error': 'provider_failed',
  'token-server-error': 'provider_failed',
  'token-unavailable': 'provider_failed',
  'token-dropped': 'provider_unreachable',
  'token-giant': 'answer_too_large',
  'token-slow': 'answer_timed_out',
  'token-cut-off': 'provider_unreachable',
  'token-not-json': 'answer_unreadable',
  'token-not-an-object': 'answer_unreadable',
  'token-wrong-type': null,
  'token-redirects': 'answer_redirected',
  'invalid-client': 'client_rejected',
  'invalid-grant': 'code_refused',
  'redirect-uri-mismatch': 'redirect_uri_mismatch',
  'no-access-token': 'token_answer_incomplete',
  'no-token-type': 'token_answer_incomplete',
  'other-token-type': 'token_type_unsupported',
  'no-id-token': 'id_token_missing',
  'id-token-wrong-issuer': 'id_token_issuer',
  'id-token-no-issuer': 'id_token_malformed',
  'id-token-wrong-audience': 'id_token_audience',
  'id-token-more-audiences': 'id_token_party',
  'id-token-wrong-azp': 'id_token_party',
  'id-token-wrong-nonce': 'id_token_nonce',
  'id-token-no-nonce': 'id_token_nonce',
  'id-token-no-subject': 'id_token_malformed',
  'id-token-expired': 'id_token_expired',
  'id-token-no-expiry': 'id_token_malformed',
  'id-token-future': 'id_token_early',
  'id-token-wrong-at-hash': 'id_token_at_hash',
  'id-token-bad-signature': 'id_token_signature',
  'id-token-changed': 'id_token_signature',
  'id-token-foreign-key': 'id_token_signature',
  'id-token-unknown-key': 'id_token_key',
  'id-token-other-algorithm': 'id_token_key',
  'id-token-alg-none': 'id_token_algorithm',
  'id-token-hs256-secret': 'id_token_algorithm',
  'id-token-hs256-public-key': 'id_token_algorithm',
  'id-token-no-jwt': 'id_token_malformed',
  'jwks-server-error': 'provider_failed',
  'jwks-unavailable': 'provider_failed',
  'jwks-dropped': 'provider_unreachable',
  'jwks-giant': 'answer_too_large',
  'jwks-slow': 'answer_timed_out',
  'jwks-cut-off': 'provider_unreachable',
  'jwks-not-json': 'answer_unreadable',
  'jwks-not-an-object': 'answer_unreadable',
  'jwks-wrong-type': null,
  'jwks-redirects': 'answer_redirected',
  'jwks-empty': 'id_token_key',
  'userinfo-server-error': 'provider_failed',
  'userinfo-unavailable': 'provider_failed',
  'userinfo-dropped': 'provider_unreachable',
  'userinfo-giant': 'answer_too_large',
  'userinfo-slow': 'answer_timed_out',
  'userinfo-cut-off': 'provider_unreachable',
  'userinfo-not-json': 'answer_unreadable',
  'userinfo-not-an-object': 'answer_unreadable',
  'userinfo-wrong-type': null,
  'userinfo-redirects': 'answer_redirected',
  'userinfo-other-subject': 'userinfo_subject_mismatch',
  'userinfo-no-subject': 'userinfo_subject_mismatch',
} as const satisfies Partial<Record<Fault, ClientErrorCode | null>>

type Peers = { readonly provider: OidcStandIn; readonly app: SignInApp }

const startPeers = async (timeoutSeconds = 10): Promise<Peers> => {
  const provider = await startOidcProvider({ algorithm: 'ES256' })
  const { issuer, clientId, clientSecret } = provider
  const app = await startSignInApp({ providers: [oidc({ issuer, clientId, clientSecret })], timeoutSeconds })
  return { provider, app }
}

const stopPeers = async ({ provider, app }: Peers): Promise<void> => {
  await app.stop()
  await provider.stop()
}

const kept = ({ app }: Peers): number => {
  const { doorward_sessions: sessions = 0, doorward_vault: vault = 0 } = app.rows()
  return sessions + vault
}

/** Signs in while the provider does this wrong, and says how it ended. */
const endOf = async (peers: Peers, fault: Fault) => {
  const { provider, app } = peers
  const [before, failed] = [kept(peers), app.failures.length]
  provider.misbehave(fault)
  const { agent, page } = await signInAt(app, 'oidc')
  provider.misbehave(null)
  const codes = app.failures.slice(failed).map(({ error }) => error.code)
  return { codes, page, session: await sessionOf(app, agent), stored: kept(peers) - before }
}

const expectEnd = async (peers: Peers, fault: Fault, code: ClientErrorCode | null): Promise<void> => {
  const end = await endOf(peers, fault)
  expect(end.codes).toEqual(code === null ? [] : [code])
  if (code === null) return expect(end.session).not.toBeNull()
  expect(end.session).toBeNull()
  expect(end.stored).toBe(0)
  expect(end.page.status).toBeGreaterThanOrEqual(400)
  // The page names the cause; what others said is escaped; nothing that was issued shows.
  expect(end.page.text).toContain(code)
  expect(end.page.text).not.toContain('<script>alert')
  for (const secret of peers.provider.issued) expect(end.page.text).not.toContain(secret)
}

const all = Object.entries(expected).flatMap(([fault, code]) => (isFault(fault) ? [{ fault, code }] : []))
/** Nothing is remembered of the provider yet, or it takes as long as a call may take. */
const needsFreshPeers = ({ fault }: { fault: Fault }): boolean =>
  /^(?:discovery|jwks)-/.test(fault) || fault.endsWith('-slow')

describe('a provider that misbehaves', () => {
  let peers: Peers
  beforeAll(async () => {
    peers = await startPeers()
  })
  afterAll(async () => {
    await stopPeers(peers)
  })

  it('can do all that is expected here, and more than 25 things', () => {
    const names = [...faults.keys()].filter((name) => !name.startsWith('refresh-'))
    expect(Object.keys(expected).sort()).toEqual(names.sort())
    expect(names.length).toBeGreaterThan(25)
  })

  it('is fine while it does nothing wrong', async () => {
    const { agent, page } = await signInAt(peers.app, 'oidc')
    expect(page.status).toBe(200)
    expect(await sessionOf(peers.app, agent)).toMatchObject({
      user: { provider: 'oidc', subject: '248289761001', email: 'janedoe@example.com', emailVerified: true },
    })
    expect(peers.app.failures).toEqual([])
  })

  it.each(all.filter((one) => !needsFreshPeers(one)))('$fault ends in $code', async ({ fault, code }) => {
    await expectEnd(peers, fault, code)
  })

  it('a redirect is never followed', () => {
    expect(peers.provider.seen.filter(({ path }) => path.startsWith('/elsewhere'))).toEqual([])
  })
})

describe.concurrent('a provider that misbehaves from the start, or slowly', () => {
  it.each(all.filter(needsFreshPeers))('$fault ends in $code', async ({ fault, code }) => {
    const peers = await startPeers(fault.endsWith('-slow') ? 2 : 10)
    try {
      await expectEnd(peers, fault, code)
      // Nothing wrong is remembered: once the provider is well again, so is the sign-in.
      const { agent } = await signInAt(peers.app, 'oidc')
      expect(await sessionOf(peers.app, agent)).not.toBeNull()
      expect(peers.provider.seen.filter(({ path }) => path.startsWith('/elsewhere'))).toEqual([])
    } finally {
      await stopPeers(peers)
    }
  })
})

describe('a provider that changes its key', () => {
  it.each([
    { name: 'with another id', first: 'key-1', next: 'key-2' },
    { name: 'without ids', first: null, next: null },
  ])('$name is followed at once', async ({ first, next }) => {
    const provider = await startOidcProvider({ algorithm: 'ES256', kid: first })
    const { issuer, clientId, clientSecret } = provider
    const app = await startSignInApp({ providers: [oidc({ issuer, clientId, clientSecret })] })
    try {
      for (const rotate of [false, true]) {
        if (rotate) await provider.rotateKey(next)
        const { agent } = await signInAt(app, 'oidc')
        expect(app.failures.map(({ error }) => error.code)).toEqual([])
        expect(await sessionOf(app, agent)).not.toBeNull()
      }
    } finally {
      await stopPeers({ provider, app })
    }
  })
})

describe('an answer that belongs to another sign-in', () => {
  let peers: Peers
  beforeAll(async () => {
    peers = await startPeers()
  })
  afterAll(async () => {
    await stopPeers(peers)
  })
  const lastCode = () => peers.app.failures.at(-1)?.error.code
  const untilBack = async () => {
    const { agent, callback } = await untilCallback(peers.app, 'oidc')
    return { agent, callback: new URL(callback ?? 'about:blank') }
  }

  it('a replayed answer opens nothing a second time', async () => {
    const { agent, callback } = await untilBack()
    const stolen = createAgent()
    for (const [name, value] of agent.cookies) stolen.cookies.set(name, value)
    await agent.open(callback.href)
    const stored = kept(peers)
    await stolen.open(callback.href)
    expect(lastCode()).toBe('state_used')
    expect(await sessionOf(peers.app, stolen)).toBeNull()
    expect(kept(peers)).toBe(stored)
  })

  it('an answer in a browser that asked for none is refused (login CSRF, RFC 9700 §4.7)', async () => {
    const { callback } = await untilBack()
    const victim = createAgent()
    await victim.open(callback.href)
    expect(lastCode()).toBe('state_cookie_lost')
    expect(await sessionOf(peers.app, victim)).toBeNull()
  })

  it("a stolen code does not fit into another's sign-in (code injection, RFC 9700 §4.5)", async () => {
    const [victim, thief] = [await untilBack(), await untilBack()]
    const stored = kept(peers)
    thief.callback.searchParams.set('code', victim.callback.searchParams.get('code') ?? '')
    await thief.agent.open(thief.callback.href)
    expect(lastCode()).toBe('code_refused')
    expect(await sessionOf(peers.app, thief.agent)).toBeNull()
    expect(kept(peers)).toBe(stored)
  })

  it('a parameter that comes twice is refused (RFC 6749 §3.1)', async () => {
    const { agent, callback } = await untilBack()
    callback.searchParams.append('code', 'another')
    await agent.open(callback.href)
    expect(lastCode()).toBe('callback_malformed')
  })

  it('several tabs at once each finish', async () => {
    const agent = createAgent()
    const tabs = [1, 2, 3].map(() => untilCallback(peers.app, 'oidc', agent))
    const callbacks = []
    for (const tab of tabs) callbacks.push((await tab).callback)
    for (const callback of callbacks.reverse()) {
      const page = await agent.open(callback ?? '')
      expect(page.status).toBe(200)
    }
    expect(await sessionOf(peers.app, agent)).not.toBeNull()
  })
})

describe('what is kept', () => {
  it('a dump of the store holds no code and no token', async () => {
    const peers = await startPeers()
    try {
      for (const _ of [1, 2, 3]) await signInAt(peers.app, 'oidc')
      const dump = await peers.app.dump()
      expect(kept(peers)).toBe(6)
      expect(peers.provider.issued.size).toBeGreaterThanOrEqual(12)
      for (const secret of peers.provider.issued) expect(dump).not.toContain(secret)
      for (const { parameters } of peers.provider.seen) {
        const verifier = parameters.get('code_verifier')
        if (verifier !== null) expect(dump).not.toContain(verifier)
      }
    } finally {
      await stopPeers(peers)
    }
  })
})
