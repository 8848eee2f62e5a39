import { doorward } from '@doorward/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Agent, createAgent, type Page } from '../support/agent.ts'
import { walk } from '../support/flow.ts'
import { type Doorward, databases, startDoorward, type TestUser } from '../support/server.ts'
import { type SignInApp, sessionOf, startSignInApp } from '../support/sign-in-app.ts'

describe.each(databases)('Doorward on %s as the provider', (database) => {
  let server: Doorward
  let user: TestUser
  let app: SignInApp

  beforeAll(async () => {
    server = await startDoorward({ database })
    user = await server.createUser({ name: 'Ada Lovelace', emailVerified: true })
    app = await startSignInApp(async (origin) => {
      const registered = await server.createClient({
        redirect_uris: [`${origin}/login/doorward/callback`],
        post_logout_redirect_uris: [`${origin}/`],
        backchannel_logout_uri: `${origin}/logout/back-channel/doorward`,
      })
      const clientSecret = String(registered.client_secret)
      return {
        providers: [doorward({ issuer: server.issuer, clientId: registered.client_id, clientSecret })],
      }
    })
  })
  afterAll(async () => {
    await app.stop()
    await server.stop()
  })

  /** From the app to Doorward's first page. */
  const leave = async (agent: Agent, path = '/login/doorward'): Promise<Page> =>
    agent.open(agent.location(await agent.request(app.origin + path)) ?? '')

  const signIn = async (path?: string) => {
    const agent = createAgent()
    const back = await walk(agent, await leave(agent, path), user)
    return { agent, page: await agent.request(agent.location(back) ?? '') }
  }

  it('signs people in and brings them back to where they were', async () => {
    const { agent, page } = await signIn('/login/doorward?return_to=/orders')
    expect([page.status, page.headers.get('location')]).toEqual([303, '/orders'])
    expect(await sessionOf(app, agent)).toMatchObject({
      user: {
        provider: 'doorward',
        subject: user.sub,
        email: user.email,
        emailVerified: true,
        name: 'Ada Lovelace',
      },
    })
  })

  it('sends people back who refuse, and the page says so', async () => {
    const agent = createAgent()
    const other = await server.createUser()
    const signInPage = await leave(agent)
    const consent = await agent.submit(signInPage, { email: other.email, password: other.password })
    const back = await agent.submit(consent, { decision: 'deny' })
    const refused = await agent.request(agent.location(back) ?? '')
    expect([refused.status, refused.text.includes('<code>access_denied</code>')]).toEqual([403, true])
    expect(await sessionOf(app, agent)).toBeNull()
  })

  it('ends both sessions, and sends the browser back (RP-Initiated Logout §3)', async () => {
    const { agent } = await signIn()
    const leaving = await agent.request(`${app.origin}/logout`, { method: 'POST' })
    let page = await agent.open(agent.location(leaving) ?? '')
    if (page.status === 200) page = await agent.submit(page, { decision: 'logout' })
    expect(agent.location(page)).toBe(`${app.origin}/`)
    expect(await sessionOf(app, agent)).toBeNull()
    // Whoever comes again is asked for the password.
    expect((await leave(agent)).text).toContain('name="password"')
  })

  it('ends our session with its own, behind the back of the browser (Back-Channel Logout §2.5)', async () => {
    const { agent } = await signIn()
    const { agent: other } = await signIn()
    const question = await agent.open(`${server.issuer}/oauth/logout`)
    await agent.submit(question, { decision: 'logout' })
    await expect.poll(() => sessionOf(app, agent)).toBeNull()
    expect(await sessionOf(app, other)).not.toBeNull()
  })
})
