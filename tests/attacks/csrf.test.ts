import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Agent, createAgent, type Page } from '../support/agent.ts'
import { answerOf, authorizeUrl, callbackUri, createPkce, encode, signIn } from '../support/flow.ts'
import { formWith } from '../support/forms.ts'
import { type Doorward, type RegisteredClient, startDoorward, type TestUser } from '../support/server.ts'

/** Changes a form's values or the browser's cookies before it is sent; answers headers to send with it. */
type Change = (
  values: Map<string, string>,
  cookies: Map<string, string>,
) => Record<string, string> | undefined

const csrfCookie = (cookies: ReadonlyMap<string, string>): string =>
  [...cookies.keys()].find((name) => name.startsWith('dw-csrf')) ?? 'dw-csrf is missing'

describe('cross-site request forgery, RFC 9700 §4.7, RFC 6749 §10.12', () => {
  let server: Doorward
  let user: TestUser
  let app: RegisteredClient
  let trusted: RegisteredClient

  beforeAll(async () => {
    server = await startDoorward({ database: 'sqlite' })
    ;[user, app, trusted] = await Promise.all([
      server.createUser(),
      server.createClient({ redirect_uris: [callbackUri] }),
      server.createClient({ redirect_uris: [callbackUri], trusted: true }),
    ])
  })
  afterAll(() => server.stop())

  const authorizePage = (agent: Agent, client: RegisteredClient) =>
    agent.open(
      authorizeUrl(server, {
        response_type: 'code',
        client_id: client.client_id,
        redirect_uri: callbackUri,
        scope: 'openid',
        code_challenge: createPkce().challenge,
        code_challenge_method: 'S256',
      }),
    )

  const target = (page: Page, fields: Record<string, string>) => {
    const form = formWith(page.text, fields)
    return { url: new URL(form.action === '' ? page.url : form.action, page.url).href, form }
  }

  /** Sends a page's form with its hidden values changed by `change`. */
  const forge = async (agent: Agent, page: Page, fields: Record<string, string>, change: Change) => {
    const { url, form } = target(page, fields)
    const values = new Map([...form.values, ...Object.entries(fields)])
    const headers = change(values, agent.cookies) ?? {}
    return agent.request(url, { method: 'POST', body: new URLSearchParams([...values]), headers })
  }

  const forgeries: readonly (readonly [string, Change])[] = [
    ['without the token', (values) => void values.delete('csrf')],
    ['with an empty token', (values) => void values.set('csrf', '')],
    ['with another token', (values) => void values.set('csrf', 'A'.repeat(43))],
    ['without its cookie', (_values, cookies) => void cookies.delete(csrfCookie(cookies))],
    ['from another site by Origin', () => ({ origin: 'https://evil.example' })],
    ['from another site by Sec-Fetch-Site', () => ({ 'sec-fetch-site': 'cross-site' })],
    ['with the opaque origin', () => ({ origin: 'null', 'sec-fetch-site': 'cross-site' })],
  ]

  const signedIn = async (agent: Agent) =>
    (await agent.open(`${server.issuer}/account`)).text.includes(user.email)

  it.each(forgeries)('nobody is signed in by a form %s (login CSRF)', async (_title, change) => {
    const agent = createAgent()
    const page = await agent.open(`${server.issuer}/login`)
    const answer = await forge(agent, page, { email: user.email, password: user.password }, change)
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.status).toBeLessThan(500)
    expect(await signedIn(agent)).toBe(false)
  })

  it('a token of the attacker’s own browser does not fit the victim’s cookie', async () => {
    const [attacker, victim] = [createAgent(), createAgent()]
    const theirs = await attacker.open(`${server.issuer}/login`)
    const page = await victim.open(`${server.issuer}/login`)
    const token = formWith(theirs.text, { email: '', password: '' }).values.get('csrf') ?? ''
    expect(token).not.toBe('')
    const answer = await forge(victim, page, { email: user.email, password: user.password }, (values) => {
      values.set('csrf', token)
      return undefined
    })
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(await signedIn(victim)).toBe(false)
  })

  it.each(forgeries)('nothing is consented to by a form %s', async (_title, change) => {
    const person = await server.createUser()
    const { agent } = await signIn(server, trusted, person)
    const page = await authorizePage(agent, app)
    const answer = await forge(agent, page, { decision: 'allow' }, change)
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.headers.get('location')).toBeNull()
    const again = await authorizePage(agent, app)
    expect(() => formWith(again.text, { decision: 'allow' })).not.toThrow()
  })

  it('a consent form of one request does not serve for another client’s (tampered address)', async () => {
    const person = await server.createUser()
    const { agent } = await signIn(server, trusted, person)
    const evil = await server.createClient({ redirect_uris: [callbackUri], client_name: 'Evil' })
    const page = await authorizePage(agent, app)
    const { form } = target(page, { decision: 'allow' })
    const asked = await authorizePage(agent, evil)
    expect(asked.text).toContain('Evil')
    const { url } = target(asked, { decision: 'allow' })
    const values = new Map([...form.values, ['decision', 'allow']])
    values.delete('csrf')
    const answer = await agent.request(url, { method: 'POST', body: new URLSearchParams([...values]) })
    expect(answer.headers.get('location') ?? '').not.toContain('code=')
  })

  it.each(forgeries)('nobody is signed out by a confirmation %s (logout CSRF)', async (_title, change) => {
    const { agent } = await signIn(server, trusted, user)
    const page = await agent.open(`${server.issuer}/oauth/logout`)
    await forge(agent, page, { decision: 'logout' }, change)
    expect(await signedIn(agent)).toBe(true)
  })

  it('a link or form of another site signs nobody out without asking (RP-Initiated Logout §2)', async () => {
    const { agent } = await signIn(server, trusted, user)
    const crossSite = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
    await agent.request(`${server.issuer}/oauth/logout`, { headers: crossSite })
    await agent.request(`${server.issuer}/oauth/logout`, {
      method: 'POST',
      body: encode({ decision: 'logout' }),
      headers: crossSite,
    })
    expect(await signedIn(agent)).toBe(true)
  })

  it('state and iss come back untouched, so the client can tell its own answers (RFC 6749 §10.12)', async () => {
    const { agent } = await signIn(server, trusted, user)
    const state = `${'s'.repeat(200)} ✓ %26&=?#"'<>`
    const page = await agent.open(
      authorizeUrl(server, {
        response_type: 'code',
        client_id: trusted.client_id,
        redirect_uri: callbackUri,
        scope: 'openid',
        state,
        code_challenge: createPkce().challenge,
        code_challenge_method: 'S256',
      }),
    )
    expect(answerOf(agent, page).searchParams.get('state')).toBe(state)
  })

  it('the cookies are HttpOnly, SameSite=Lax, Path=/, and named after the issuer', async () => {
    const agent = createAgent()
    const page = await agent.request(`${server.issuer}/login`)
    expect(page.status).toBe(200)
    const form = formWith(page.text, { email: '', password: '' })
    const body = encode({ ...Object.fromEntries(form.values), email: user.email, password: user.password })
    const answer = await agent.request(`${server.issuer}/login`, { method: 'POST', body })
    expect(answer.status, answer.text).toBe(303)
    const lines = [...page.headers.getSetCookie(), ...answer.headers.getSetCookie()]
    expect(lines.some((line) => /^dw-session-[0-9a-z]{4}=/i.test(line))).toBe(true)
    for (const line of lines) {
      expect(line).toMatch(/;\s*HttpOnly/i)
      expect(line).toMatch(/;\s*SameSite=Lax/i)
      expect(line).toMatch(/;\s*Path=\//i)
      expect(line).not.toMatch(/;\s*Domain=/i)
      // http on a loopback host: no Secure, and so no __Host- either.
      expect(line).not.toMatch(/;\s*Secure|__Host-/i)
    }
  })
})
