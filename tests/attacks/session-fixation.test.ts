import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAgent } from '../support/agent.ts'
import { authorize, callbackUri, signIn } from '../support/flow.ts'
import {
  type Doorward,
  databases,
  type RegisteredClient,
  startDoorward,
  type TestUser,
} from '../support/server.ts'

describe.each(databases)('session fixation and session theft on %s', (database) => {
  let server: Doorward
  let user: TestUser
  let app: RegisteredClient

  beforeAll(async () => {
    server = await startDoorward({ database })
    ;[user, app] = await Promise.all([
      server.createUser(),
      server.createClient({ redirect_uris: [callbackUri], trusted: true }),
    ])
  })
  afterAll(() => server.stop())

  const sessionCookie = (cookies: ReadonlyMap<string, string>) =>
    [...cookies].find(([name]) => name.startsWith('dw-session-')) ?? ['', '']

  it('a cookie set before sign-in is not the session afterwards', async () => {
    const { agent: first } = await signIn(server, app, user)
    const [name] = sessionCookie(first.cookies)
    expect(name).not.toBe('')
    const agent = createAgent()
    agent.cookies.set(name, 'A'.repeat(43))
    await signIn(server, app, user, { agent })
    expect(sessionCookie(agent.cookies)[1]).not.toContain('A'.repeat(43))
    const attacker = createAgent()
    attacker.cookies.set(name, 'A'.repeat(43))
    expect((await attacker.open(`${server.issuer}/account`)).text).not.toContain(user.email)
  })

  it('a renewed sign-in makes the cookie before it worthless', async () => {
    const { agent } = await signIn(server, app, user)
    const [name, before] = sessionCookie(agent.cookies)
    await authorize(server, app, user, { agent, parameters: { prompt: 'login' } })
    expect(sessionCookie(agent.cookies)[1]).not.toBe(before)
    const thief = createAgent()
    thief.cookies.set(name, before)
    expect((await thief.open(`${server.issuer}/account`)).text).not.toContain(user.email)
  })

  it('a cookie kept past logout opens nothing', async () => {
    const { agent } = await signIn(server, app, user)
    const [name, kept] = sessionCookie(agent.cookies)
    await agent.submit(await agent.open(`${server.issuer}/oauth/logout`), { decision: 'logout' })
    const thief = createAgent()
    thief.cookies.set(name, kept)
    expect((await thief.open(`${server.issuer}/account`)).text).not.toContain(user.email)
  })

  it('a new password ends every session and every family', async () => {
    const person = await server.createUser()
    const { agent } = await signIn(server, app, person)
    const changed = await server.cli(
      ['users', 'set-password', person.email, '--password-stdin'],
      'quite another one 42\n',
    )
    expect(changed.stderr).toBe('')
    expect(changed.code).toBe(0)
    expect((await agent.open(`${server.issuer}/account`)).text).not.toContain(person.email)
  })

  it('neither the session id nor any part of it shows in pages, addresses, tokens or the log', async () => {
    const { agent, tokens, answer } = await signIn(server, app, user)
    const [, value] = sessionCookie(agent.cookies)
    const page = await agent.open(`${server.issuer}/account`)
    expect(value.length).toBeGreaterThanOrEqual(43)
    for (const text of [
      page.text,
      page.url,
      String(answer),
      JSON.stringify(tokens),
      server.process.output(),
    ]) {
      expect(text).not.toContain(value)
    }
    expect(Buffer.from(String(tokens.id_token).split('.')[1] ?? '', 'base64url').toString()).not.toContain(
      value,
    )
  })
})
