import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JWTPayload } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OidcStandIn, startOidcProvider } from '../../../../tests/support/providers/oidc.ts'
import { type ClientStore, createClient } from '../../src/index.ts'
import { sqliteStore } from '../../src/stores/sqlite.ts'
import { appFor, optionsFor } from '../app.ts'

let provider: OidcStandIn
let folder: string
let store: ClientStore

beforeAll(async () => {
  provider = await startOidcProvider()
  folder = await mkdtemp(join(tmpdir(), 'doorward-test-'))
  store = sqliteStore({ file: join(folder, 'sessions.db') })
})
afterAll(async () => {
  await store.close()
  await rm(folder, { recursive: true, force: true })
  await provider.stop()
})

const now = Math.floor(Date.now() / 1000)
const EVENTS = { 'http://schemas.openid.net/event/backchannel-logout': {} }
const claims = (changes: Readonly<Record<string, unknown>> = {}): JWTPayload => ({
  ...{ iss: provider.issuer, aud: provider.clientId, iat: now, exp: now + 120, jti: randomUUID() },
  ...{ events: EVENTS, sid: 'session-1', ...changes },
})

/** An app with somebody signed in, and what a provider posts to it. */
const signedIn = async () => {
  const app = appFor(provider, { store })
  const browser = app.browser()
  await browser.signIn('/login/oidc')
  const send = (token: string) =>
    app.browser().ask('/logout/back-channel/oidc', {
      method: 'POST',
      body: new URLSearchParams({ logout_token: token }),
      headers: { accept: '*/*' },
    })
  return { ...app, browser, send }
}

describe('a back-channel logout', () => {
  it.each<[string, Record<string, unknown>]>([
    ["the provider's session", {}],
    ['all of somebody', { sid: undefined, sub: '248289761001' }],
  ])('ends %s (Back-Channel Logout §2.7)', async (_title, changes) => {
    const { browser, send } = await signedIn()
    const answer = await send(await provider.sign(claims(changes)))
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store'])
    expect(await browser.session()).toBeNull()
  })

  it('leaves the sessions of others', async () => {
    const { browser, send } = await signedIn()
    expect((await send(await provider.sign(claims({ sid: 'session-2' })))).status).toBe(200)
    expect((await send(await provider.sign(claims({ sid: undefined, sub: 'somebody else' })))).status).toBe(
      200,
    )
    expect(await browser.session()).not.toBeNull()
  })

  it('counts once: the same token is refused a second time (§2.6)', async () => {
    const { send, errors } = await signedIn()
    const token = await provider.sign(claims())
    await send(token)
    expect((await send(token)).status).toBe(400)
    expect(errors[0]?.code).toBe('logout_token_replayed')
  })

  it.each<[string, Record<string, unknown>, string]>([
    ['has a nonce, as an ID token has', { nonce: 'n' }, 'It has a nonce.'],
    ['has no event', { events: undefined }, 'It has no logout event.'],
    ['has another event', { events: { 'http://example.com/event': {} } }, 'It has no logout event.'],
    [
      'has an event that is no object',
      { events: { ...EVENTS, [Object.keys(EVENTS)[0] ?? '']: 1 } },
      'It has no logout event.',
    ],
    ['names nobody', { sid: undefined }, 'It names neither sid nor sub.'],
    ['has no jti', { jti: undefined }, 'It has no jti.'],
    ['is old', { iat: now - 900, exp: now - 600 }, 'id_token_expired'],
    ['is old and has no end', { iat: now - 900, exp: undefined }, 'It is too old.'],
    ['is of another issuer', { iss: 'https://id.elsewhere.example' }, 'id_token_issuer'],
    ['is for another app', { aud: 'client-2' }, 'id_token_audience'],
  ])('is refused where the token %s (§2.6)', async (_title, changes, detail) => {
    const { browser, send, errors } = await signedIn()
    const answer = await send(await provider.sign(claims(changes)))
    expect(answer.status).toBe(400)
    expect(errors[0]).toMatchObject({ code: 'logout_token_invalid', detail })
    expect(await browser.session()).not.toBeNull()
  })

  it('is refused where nobody signed it, or nothing is sent', async () => {
    const { browser, send, errors } = await signedIn()
    const [header, , signature] = (await provider.sign(claims())).split('.')
    const forged = Buffer.from(JSON.stringify(claims())).toString('base64url')
    await send(`${header}.${forged}.${signature}`)
    await send('')
    expect(errors.map(({ detail }) => detail)).toEqual(['id_token_signature', 'id_token_malformed'])
    expect(await browser.session()).not.toBeNull()
  })

  it('needs a store', async () => {
    const signIn = createClient(optionsFor(provider))
    const answer = await signIn.fetch(
      new Request('http://localhost:3000/logout/back-channel/oidc', {
        method: 'POST',
        body: new URLSearchParams({ logout_token: await provider.sign(claims()) }),
      }),
    )
    expect([answer?.status, await answer?.json()]).toMatchObject([501, { reason: 'sessions_not_kept' }])
  })
})
