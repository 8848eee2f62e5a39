import { oidc } from '@doorward/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Agent, createAgent } from '../support/agent.ts'
import {
  type ForeignProvider,
  startForeignProvider,
  walkForeign,
} from '../support/providers/oidc-provider.ts'
import { type SignInApp, sessionOf, startSignInApp } from '../support/sign-in-app.ts'

describe('oidc-provider as the provider', () => {
  let foreign: ForeignProvider
  let app: SignInApp

  beforeAll(async () => {
    app = await startSignInApp(async (origin) => {
      foreign = await startForeignProvider(origin)
      const { issuer, clientId, clientSecret } = foreign
      const scope = 'openid email profile offline_access'
      const authorizationParameters = { prompt: 'consent' }
      return {
        providers: [oidc({ id: 'foreign', issuer, clientId, clientSecret, scope, authorizationParameters })],
      }
    })
  })
  afterAll(async () => {
    await app.stop()
    await foreign.stop()
  })

  const signIn = async (login: string): Promise<Agent> => {
    const agent = createAgent()
    const leaving = await agent.request(`${app.origin}/login/foreign`)
    const back = await walkForeign(agent, agent.location(leaving) ?? '', login)
    const page = await agent.request(agent.location(back) ?? '')
    expect([page.status, page.headers.get('location'), foreign.complaints]).toEqual([303, '/', []])
    return agent
  }
  const live = async (agent: Agent) => {
    const session = await app.signIn.getSession({
      headers: { cookie: [...agent.cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    })
    if (session === null) throw new Error('Nobody is signed in')
    return session
  }

  it('signs people in by code, PKCE and nonce; what the ID token lacks comes from userinfo', async () => {
    const agent = await signIn('ada')
    expect(await sessionOf(app, agent)).toMatchObject({
      user: {
        provider: 'foreign',
        subject: 'ada',
        email: 'ada@example.com',
        emailVerified: true,
        name: 'The ada',
      },
    })
  })

  it('sends people back who refuse, and the page says so', async () => {
    const agent = createAgent()
    const leaving = await agent.request(`${app.origin}/login/foreign`)
    const page = await agent.open(agent.location(leaving) ?? '')
    const [, abort = ''] = /href="([^"]+\/abort)"/.exec(page.text) ?? []
    const back = await agent.open(abort)
    const refused = await agent.request(agent.location(back) ?? '')
    expect([refused.status, refused.text.includes('<code>access_denied</code>')]).toEqual([403, true])
    expect(await sessionOf(app, agent)).toBeNull()
  })

  it('renews its tokens, and an access token opens userinfo', async () => {
    const session = await live(await signIn('rue'))
    const answer = await app.signIn.tokenFetch(session)(`${foreign.issuer}/me`)
    expect(await answer.json()).toMatchObject({ sub: 'rue', email: 'rue@example.com' })
  })

  it('ends its own session with ours, and sends the browser back (RP-Initiated Logout §3)', async () => {
    const agent = await signIn('leo')
    const session = await live(agent)
    const token = await app.signIn.getAccessToken(session)
    const leaving = await agent.request(`${app.origin}/logout`, { method: 'POST' })
    const question = await agent.open(agent.location(leaving) ?? '')
    const back = await agent.submit(question, { logout: 'yes' })
    expect(agent.location(back)).toBe(`${app.origin}/`)
    expect(await sessionOf(app, agent)).toBeNull()
    const headers = { authorization: `Bearer ${token}` }
    expect((await fetch(`${foreign.issuer}/me`, { headers })).status).toBe(401)
  })

  it('ends our session with its own, behind the back of the browser (Back-Channel Logout §2.5)', async () => {
    const agent = await signIn('bea')
    const other = await signIn('bob')
    const question = await agent.open(`${foreign.issuer}/session/end`)
    await agent.submit(question, { logout: 'yes' })
    await expect.poll(() => sessionOf(app, agent)).toBeNull()
    expect(await sessionOf(app, other)).not.toBeNull()
    expect(foreign.complaints).toEqual([])
  })
})
