import { describe, expect, it } from 'vitest'
import { answerOf, locationOf } from '../support/agent.ts'
import { addClient, addUser, authorizeUrl, signIn } from '../support/flow.ts'
import { ISSUER, startServer } from '../support/server.ts'

const CROSS_SITE = { origin: 'https://app.example.com', 'sec-fetch-site': 'cross-site' }

async function prepared() {
  const server = await startServer()
  await addUser(server)
  const client = await addClient(server, { trusted: true })
  const form = (more: Record<string, string | null> = {}) =>
    Object.fromEntries(new URL(authorizeUrl(client, more)).searchParams)
  return { server, client, form, agent: server.agent() }
}

describe('POST to /oauth/authorize, OpenID Connect Core §3.1.2.1', () => {
  it('from another site is kept, and its own GET finds the session', async () => {
    const { server, agent, form } = await prepared()
    await signIn(agent, await agent.open(`${ISSUER}/login`))
    const bare = server.agent()
    const kept = await bare.request('/oauth/authorize', { form: form(), headers: CROSS_SITE })
    expect(kept.status).toBe(303)
    expect(locationOf(kept)).toMatch(/^http:\/\/localhost:4000\/oauth\/authorize\?dw_kept=[\w-]{43}$/)
    expect(answerOf(await agent.request(locationOf(kept) ?? ''))).toMatchObject({
      state: 'some state',
      iss: ISSUER,
    })
  })

  it('goes all the way for somebody who is not signed in', async () => {
    const { agent, form } = await prepared()
    const login = await agent.open(`${ISSUER}/oauth/authorize`, { form: form(), headers: CROSS_SITE })
    expect(answerOf(await signIn(agent, login)).code).toBeDefined()
  })

  it('stays kept where it is too long for an address, with its steps', async () => {
    const { agent, form } = await prepared()
    const long = form({ state: 's'.repeat(5000), prompt: 'login' })
    const login = await agent.open(`${ISSUER}/oauth/authorize`, { form: long, headers: CROSS_SITE })
    expect(login.url).toContain('dw_kept=')
    expect(login.url.length).toBeLessThan(500)
    expect(answerOf(await signIn(agent, login))).toMatchObject({ state: 's'.repeat(5000) })
  })

  it('has five minutes', async () => {
    const { server, agent, form } = await prepared()
    const kept = await agent.request('/oauth/authorize', { form: form(), headers: CROSS_SITE })
    server.wait(299)
    expect(locationOf(await agent.request(locationOf(kept) ?? ''))).toContain('/login')
    server.wait(1)
    expect((await agent.request(locationOf(kept) ?? '')).status).toBe(400)
  })

  it('from our own site is answered directly', async () => {
    const { agent, form } = await prepared()
    await signIn(agent, await agent.open(`${ISSUER}/login`))
    expect(answerOf(await agent.request('/oauth/authorize', { form: form() })).code).toBeDefined()
  })

  it('keeps nothing for an unknown client', async () => {
    const { agent, form } = await prepared()
    const page = await agent.request('/oauth/authorize', {
      form: form({ client_id: 'nobody' }),
      headers: CROSS_SITE,
    })
    expect(page.status).toBe(400)
  })

  it('answers 503 with Retry-After where too many are kept', async () => {
    const { server, agent, form } = await prepared()
    server.deps.storage.keptRequests.insert = async () => false
    const page = await agent.request('/oauth/authorize', { form: form(), headers: CROSS_SITE })
    expect(page.status).toBe(503)
    expect(page.headers.get('retry-after')).toBe('60')
  })

  it('takes no step from a client: whoever could send one would skip consent', async () => {
    const { server, agent } = await prepared()
    const client = await addClient(server)
    await signIn(agent, await agent.open(`${ISSUER}/login`))
    const consent = await agent.open(authorizeUrl(client, { prompt: 'consent' }))
    const step = new URL(consent.url).searchParams.get('dw_step') ?? ''
    const [, ...rest] = step.split('.')
    const forged = `${authorizeUrl(client, { prompt: 'consent' })}&dw_step=${['consent', ...rest].join('.')}`
    expect(new URL((await agent.open(forged)).url).pathname).toBe('/consent')
  })
})
