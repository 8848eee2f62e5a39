import { describe, expect, it } from 'vitest'
import { buttonsOf, formOf, locationOf } from './support/agent.ts'
import { addUser, sessionsOf, signIn } from './support/flow.ts'
import { ISSUER, startServer } from './support/server.ts'

async function signedIn() {
  const server = await startServer()
  await addUser(server)
  const agent = server.agent()
  const account = await signIn(agent, await agent.open(`${ISSUER}/login`))
  return { server, agent, account }
}

describe('/account', () => {
  it('needs somebody who is signed in', async () => {
    const server = await startServer()
    expect(locationOf(await server.agent().request('/account'))).toBe(`${ISSUER}/login`)
  })

  it('signs out one account, and the others stay', async () => {
    const { server, agent } = await signedIn()
    await addUser(server, 'bob@example.com')
    const both = await signIn(agent, await agent.open(`${ISSUER}/login`), 'bob@example.com')
    const [bob = '', ada = ''] = buttonsOf(both, 'sign_out')
    const live = sessionsOf(server, agent)
    expect(await live()).toMatchObject([{ sid: bob }, { sid: ada }])
    const left = await agent.submit(both, { sign_out: bob })
    expect(left.text).toContain('ada@example.com')
    expect(left.text).not.toContain('bob@example.com')
    expect(server.events.at(-1)).toMatchObject({ event: 'session.ended', sid: bob })
    expect(await live()).toMatchObject([{ sid: ada }])
  })

  it('forgets the cookie with the last account; a form sent twice changes nothing', async () => {
    const { server, agent, account } = await signedIn()
    const [sid = ''] = buttonsOf(account, 'sign_out')
    expect(new URL((await agent.submit(account, { sign_out: sid })).url).pathname).toBe('/login')
    expect([...agent.cookies.keys()].filter((name) => name.startsWith('dw-session-'))).toEqual([])
    expect(new URL((await agent.submit(account, { sign_out: sid })).url).pathname).toBe('/login')
    expect(server.story().filter((event) => event === 'session.ended')).toHaveLength(1)
  })

  it('ends nothing by a forged form or without a choice', async () => {
    const { server, agent, account } = await signedIn()
    const { action, hidden } = formOf(account)
    const [sid = ''] = buttonsOf(account, 'sign_out')
    for (const form of [{ ...hidden, csrf: 'x', sign_out: sid }, hidden]) {
      expect((await agent.request(action, { form })).status).toBe(400)
    }
    expect(server.story()).not.toContain('session.ended')
  })

  it('keeps a session that is used, to its absolute end and no longer', async () => {
    const { server, agent } = await signedIn()
    const { idleSeconds, absoluteSeconds } = server.deps.config.session
    const visit = async () => (await agent.request('/account')).status
    for (let passed = 0; passed + idleSeconds / 2 < absoluteSeconds; passed += idleSeconds / 2) {
      expect(await visit()).toBe(200)
      server.wait(idleSeconds / 2)
    }
    expect(await visit()).toBe(200)
    server.wait(idleSeconds / 2)
    expect(await visit()).toBe(303)
  })

  it('forgets a session that is not used', async () => {
    const { server, agent } = await signedIn()
    server.wait(server.deps.config.session.idleSeconds)
    expect((await agent.request('/account')).status).toBe(303)
  })

  it('notes activity at most once a minute', async () => {
    const { server, agent } = await signedIn()
    const live = sessionsOf(server, agent)
    const seen = async () => (await live()).map((session) => session.lastSeenAt)
    const start = server.deps.clock()
    server.wait(59)
    await agent.request('/account')
    expect(await seen()).toEqual([start])
    server.wait(1)
    await agent.request('/account')
    expect(await seen()).toEqual([start + 60])
  })
})
