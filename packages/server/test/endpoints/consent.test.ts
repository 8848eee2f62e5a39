import { describe, expect, it } from 'vitest'
import { answerOf, buttonsOf, formOf, locationOf } from './support/agent.ts'
import { addClient, addUser, authorizeUrl, redeem, signIn } from './support/flow.ts'
import { ISSUER, startServer } from './support/server.ts'

const ORDERS = 'https://orders.example.com'

async function asked(scope = 'openid email', more: Record<string, string> = {}) {
  const server = await startServer()
  const userId = await addUser(server)
  await server.deps.storage.resources.insert({
    uri: ORDERS,
    name: 'Order book',
    scopes: ['orders:read', 'orders:write'],
    claims: [],
    accessTokenLifetime: null,
    signingAlg: null,
    createdAt: 0,
  })
  const client = await addClient(server, {
    scope: 'openid profile email offline_access orders:read orders:write',
  })
  const agent = server.agent()
  const url = (parameters: Record<string, string> = {}) =>
    authorizeUrl(client, { scope, ...more, ...parameters })
  const page = await signIn(agent, await agent.open(url()))
  return { server, agent, client, url, page, userId }
}

describe('/consent, OpenID Connect Core §3.1.2.4', () => {
  it('names the app, its host, the person and the API', async () => {
    const { page } = await asked('openid orders:read', { resource: ORDERS })
    for (const words of ['Orders', 'app.example.com', 'ada@example.com', 'Order book']) {
      expect(page.text).toContain(words)
    }
  })

  it('remembers by client, resource and scope: asks only for what is new', async () => {
    const { agent, page, url } = await asked('openid')
    await agent.submit(page, { decision: 'allow' })
    expect(answerOf(await agent.request(url())).code).toBeDefined()
    const more = await agent.open(url({ scope: 'openid orders:read', resource: ORDERS }))
    expect(new URL(more.url).pathname).toBe('/consent')
    await agent.submit(more, { decision: 'allow' })
    expect(
      answerOf(await agent.request(url({ scope: 'openid orders:read', resource: ORDERS }))).code,
    ).toBeDefined()
  })

  it('asks for an API by itself, whose tokens name roles whatever their scope', async () => {
    const { agent, page, url } = await asked('openid')
    await agent.submit(page, { decision: 'allow' })
    const silent = await agent.request(url({ resource: ORDERS, prompt: 'none' }))
    expect(answerOf(silent).error).toBe('consent_required')
    const more = await agent.open(url({ resource: ORDERS }))
    for (const words of ['Order book', 'Act in your name']) expect(more.text).toContain(words)
    await agent.submit(more, { decision: 'allow' })
    expect(answerOf(await agent.request(url({ resource: ORDERS, prompt: 'none' }))).code).toBeDefined()
  })

  it('shows single claims and remembers them, OpenID Connect Core §5.5', async () => {
    const { server, agent, client, page, url, userId } = await asked('openid', {
      claims: JSON.stringify({ userinfo: { phone_number: null }, id_token: { birthdate: null } }),
    })
    await agent.submit(page, { decision: 'allow' })
    expect(await server.deps.storage.consents.find(userId, client)).toEqual(
      expect.arrayContaining([
        { resource: ISSUER, scope: 'openid' },
        { resource: ISSUER, scope: 'claims:birthdate' },
        { resource: ISSUER, scope: 'claims:phone_number' },
      ]),
    )
    expect(answerOf(await agent.request(url())).code).toBeDefined()
  })

  it('gives offline_access once allowed, OpenID Connect Core §11', async () => {
    const { agent, client, page } = await asked('openid offline_access')
    const { code = '' } = answerOf(await agent.submit(page, { decision: 'allow' }))
    const { tokens } = await redeem(agent, client, code)
    expect(tokens.scope).toBe('openid offline_access')
    expect(tokens.refresh_token).toBeDefined()
  })

  it('is about the account it names, whichever is active by now', async () => {
    const { server, agent, client, page, userId } = await asked()
    await addUser(server, 'bob@example.com')
    await signIn(agent, await agent.open(`${ISSUER}/login`), 'bob@example.com')
    const done = await agent.submit(page, { decision: 'allow' })
    const { claims } = await redeem(agent, client, answerOf(done).code ?? '')
    expect(claims.sub).toBe(userId)
  })

  it('allows nothing for a person who has signed out meanwhile', async () => {
    const { server, agent, client, page, userId } = await asked()
    const account = await agent.open(`${ISSUER}/account`)
    await agent.submit(account, { sign_out: buttonsOf(account, 'sign_out')[0] ?? '' })
    const after = await agent.submit(page, { decision: 'allow' })
    expect(new URL(after.url).pathname).toBe('/login')
    expect(await server.deps.storage.consents.find(userId, client)).toEqual([])
  })

  it('shows the page again where the form is stale or nothing was chosen', async () => {
    const { server, agent, client, page, userId } = await asked()
    const { action, hidden } = formOf(page)
    const unsure = await agent.request(action, { form: hidden })
    expect(unsure.status).toBe(400)
    const forged = await agent.request(action, { form: { ...hidden, csrf: 'x', decision: 'allow' } })
    expect(forged.status).toBe(400)
    const refused = await agent.request(action, { form: { ...hidden, csrf: 'x', decision: 'deny' } })
    expect(refused.status).toBe(400)
    expect(await server.deps.storage.consents.find(userId, client)).toEqual([])
    expect(answerOf(await agent.submit(forged, { decision: 'allow' })).code).toBeDefined()
  })

  it('a form sent long after still ends in a code', async () => {
    const { server, agent, page } = await asked()
    server.wait(3600)
    expect(answerOf(await agent.submit(page, { decision: 'allow' })).code).toBeDefined()
  })

  it('a form sent twice ends in a code twice, and a refusal holds after all', async () => {
    const { agent, page } = await asked()
    expect(answerOf(await agent.submit(page, { decision: 'allow' })).code).toBeDefined()
    expect(answerOf(await agent.submit(page, { decision: 'allow' })).code).toBeDefined()
    expect(answerOf(await agent.submit(page, { decision: 'deny' })).error).toBe('access_denied')
  })

  it('leads to the other accounts: not you?', async () => {
    const { agent, page } = await asked()
    const href = /href="([^"]*\/login\/choose[^"]*)"/.exec(page.text)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const choose = await agent.open(new URL(href, ISSUER).href)
    expect(buttonsOf(choose, 'account').at(-1)).toBe('other')
    const login = await agent.submit(choose, { account: 'other' })
    expect(new URL(login.url).pathname).toBe('/login')
  })

  it('asks nobody who has not signed in', async () => {
    const { server, url } = await asked()
    const stranger = server.agent()
    const consent = await stranger.request(url().replace('/oauth/authorize', '/consent'))
    expect(new URL(locationOf(consent) ?? '').pathname).toBe('/oauth/authorize')
  })
})
