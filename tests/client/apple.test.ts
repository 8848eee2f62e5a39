import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { apple, type ClientStore, createClient } from '@doorward/client'
import { sqliteStore } from '@doorward/client/sqlite'
import { jwtVerify } from 'jose'
import { afterEach, describe, expect, it } from 'vitest'
import { formWith } from '../support/forms.ts'
import { startOidcProvider } from '../support/providers/oidc.ts'

const stops: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

const baseUrl = 'https://app.example.com'
const teamId = 'DEF123GHIJ'
const keyId = 'ABC123DEFG'
const user = {
  sub: '000792.d71059495fa24644b94e4a644e2e3b4a.0638',
  email: 'w8x2@privaterelay.appleid.com',
  email_verified: 'true',
  given_name: 'Jane',
  family_name: 'Appleseed',
}

/** A stand-in that asks of a client what Apple asks: an ES256 JWT of its team. */
const startApple = async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const rules = { issuer: teamId, audience: 'https://appleid.apple.com', subject: 'client-1' }
  const provider = await startOidcProvider({
    user,
    quirks: { formPost: true, userField: true },
    isSecret: (secret) =>
      jwtVerify(secret, publicKey, { ...rules, algorithms: ['ES256'] }).then(
        ({ protectedHeader }) => protectedHeader.kid === keyId,
        () => false,
      ),
  })
  stops.push(provider.stop)
  return { provider, privateKey: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString() }
}

/** An app behind https: requests as its proxy would hand them on. */
const createApp = (issuer: string, privateKey: string, base = baseUrl, store?: ClientStore) => {
  const codes: string[] = []
  // The library's own Apple, at the stand-in's addresses.
  const { endpoints: _, ...data } = apple({ clientId: 'client-1', teamId, keyId, privateKey })
  const signIn = createClient({
    baseUrl: base,
    secret: 'a secret of this test alone, long enough',
    providers: [{ ...data, issuer }],
    allowPrivateHosts: [new URL(issuer).host],
    ...(store === undefined ? {} : { store }),
    onError: ({ error }) => {
      codes.push(error.code)
    },
  })
  const cookies = new Map<string, string>()
  const fromElsewhere = new Set<string>()
  const request = async (path: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers)
    // As a browser does: a form of another site brings what is SameSite=None, and nothing else.
    const byForeignForm = init.method === 'POST' && headers.get('sec-fetch-site') === 'cross-site'
    const sent = [...cookies].filter(([name]) => !byForeignForm || fromElsewhere.has(name))
    headers.set('cookie', sent.map(([name, value]) => `${name}=${value}`).join('; '))
    const asked = new Request(new URL(path, base), { ...init, headers })
    const response = await signIn.fetch(asked)
    for (const line of response?.headers.getSetCookie() ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      cookies.set(name, value)
      if (/; SameSite=None/i.test(line)) fromElsewhere.add(name)
    }
    return response
  }
  const session = () =>
    signIn.getSession(
      new Request(base, { headers: { cookie: [...cookies].map((c) => c.join('=')).join('; ') } }),
    )
  return { request, session, codes, cookies }
}

type App = ReturnType<typeof createApp>

const signInOnce = async ({ request, session }: App) => {
  const login = await request('/login/apple')
  const setCookie = login?.headers.getSetCookie().join('\n') ?? ''
  const page = await (await fetch(login?.headers.get('location') ?? '')).text()
  const form = formWith(page, {})
  const body = new URLSearchParams([...form.values])
  // What a browser says of a form that Apple's page sends.
  const headers = { origin: 'https://appleid.apple.com', 'sec-fetch-site': 'cross-site' }
  const kept = await request(form.action, { method: 'POST', body, headers })
  const back = await request(kept?.headers.get('location') ?? '')
  return { setCookie, status: [kept?.status, back?.status], user: (await session())?.user }
}

describe('signing in with Apple', () => {
  it('proves the app by a JWT of its team, and takes the answer as a form from another site', async () => {
    const { provider, privateKey } = await startApple()
    const app = createApp(provider.issuer, privateKey)
    const { setCookie, status, user: signedIn } = await signInOnce(app)
    expect(app.codes).toEqual([])
    expect(status).toEqual([303, 303])
    expect(setCookie).toMatch(/SameSite=None/)
    expect(setCookie).toMatch(/Secure/)
    expect(signedIn).toMatchObject({ provider: 'apple', subject: user.sub })
  })

  it('has the name at the first sign-in only, and the address of the ID token always', async () => {
    const { provider, privateKey } = await startApple()
    const app = createApp(provider.issuer, privateKey)
    const first = await signInOnce(app)
    expect(first.user).toMatchObject({ name: 'Jane Appleseed', email: user.email, emailVerified: true })
    const second = await signInOnce(app)
    expect(second.user).toMatchObject({ name: null, email: user.email, emailVerified: true })
  })

  it('ends the session that was there before, though its cookie does not come with the form', async () => {
    const { provider, privateKey } = await startApple()
    const store = sqliteStore({ file: join(await mkdtemp(join(tmpdir(), 'doorward-apple-')), 'sessions.db') })
    stops.push(store.close)
    const app = createApp(provider.issuer, privateKey, baseUrl, store)
    await signInOnce(app)
    const before = new Map(app.cookies)
    const second = await signInOnce(app)
    expect(second.user).toMatchObject({ provider: 'apple', subject: user.sub })
    const [name = ''] = [...before.keys()].filter((one) => one.includes('session'))
    expect(app.cookies.get(name)).not.toBe(before.get(name))
    app.cookies.set(name, before.get(name) ?? '')
    expect(await app.session()).toBeNull()
  })

  it("another team's key is refused", async () => {
    const { provider } = await startApple()
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const app = createApp(provider.issuer, privateKey.export({ format: 'pem', type: 'pkcs8' }).toString())
    await signInOnce(app)
    expect(app.codes).toEqual(['client_rejected'])
  })

  it('says that it needs https', async () => {
    const { provider, privateKey } = await startApple()
    const app = createApp(provider.issuer, privateKey, 'http://localhost:3000')
    const response = await app.request('/login/apple')
    expect(app.codes).toEqual(['https_required'])
    expect(await response?.text()).toContain('https')
  })
})
