import { describe, expect, it } from 'vitest'
import { type Agent, answerOf, formOf, locationOf, type Page, typedIn } from './support/agent.ts'
import { addClient, addUser, authorizeUrl, signIn } from './support/flow.ts'
import { ISSUER, PASSWORD, startServer } from './support/server.ts'

const LOGIN = `${ISSUER}/login`

/** A page without what differs from one visit to the next. */
function wordsOf(page: Page): string {
  return page.text.replaceAll(/value="[^"]*"/g, '').replaceAll(/action="[^"]*"/g, '')
}

async function withAda(settings: Parameters<typeof startServer>[0] = {}) {
  const server = await startServer(settings)
  await addUser(server)
  return { server, agent: server.agent() }
}

/** Posts a sign-in without following, from a fresh page. */
async function attempt(agent: Agent, email: string, password: string): Promise<Page> {
  const { action, hidden } = formOf(await agent.open(LOGIN))
  return agent.request(action, { form: { ...hidden, email, password } })
}

describe('/login', () => {
  it('on its own ends at the account page', async () => {
    const { agent } = await withAda()
    const account = await signIn(agent, await agent.open(LOGIN))
    expect(new URL(account.url).pathname).toBe('/account')
    expect(account.text).toContain('ada@example.com')
  })

  it('compares e-mails lower-cased, without the spaces that copying adds', async () => {
    const { agent } = await withAda()
    expect((await attempt(agent, '  ADA@Example.com ', PASSWORD)).status).toBe(303)
  })

  it('keeps what was typed, never the password, and answers 401', async () => {
    const { agent } = await withAda()
    const page = await attempt(agent, 'ada@example.com', 'not the "password"')
    expect(page.status).toBe(401)
    expect(typedIn(page, 'email')).toBe('ada@example.com')
    expect(page.text).not.toContain('not the')
    expect((await signIn(agent, page)).status).toBe(200)
  })

  it('answers 400 where a field is empty, and checks nothing', async () => {
    const { server, agent } = await withAda()
    expect((await attempt(agent, '', PASSWORD)).status).toBe(400)
    expect((await attempt(agent, 'ada@example.com', '')).status).toBe(400)
    expect(server.story()).toEqual([])
  })

  it('says and does the same for an unknown, a disabled and a password-less account', async () => {
    const { server, agent } = await withAda()
    await addUser(server, 'gone@example.com')
    await server.users.disable('gone@example.com')
    await server.users.create({ email: 'none@example.com' })
    const hashed: (string | null)[] = []
    const { verify } = server.deps.passwords
    Object.assign(server.deps.passwords, {
      verify: (...given: Parameters<typeof verify>) => {
        hashed.push(given[0])
        return verify(...given)
      },
    })
    const wrong = await attempt(agent, 'ada@example.com', 'wrong wrong wrong')
    const words = new Set([wordsOf(wrong)])
    for (const email of [
      'nobody@example.com',
      'gone@example.com',
      'none@example.com',
      'no address',
      'a\0b',
    ]) {
      const page = await attempt(agent, email, PASSWORD)
      expect(page.status).toBe(401)
      words.add(wordsOf(page))
    }
    expect(words.size).toBe(1)
    expect(hashed).toHaveLength(6)
    const { reason, userId } = server.events.findLast(({ event }) => event === 'sign_in.failed') ?? {}
    expect({ reason, userId }).toEqual({ reason: 'account_unknown', userId: null })
  })

  it('opens no session for a password that was changed while it was being checked', async () => {
    const { server, agent } = await withAda()
    const { passwords, storage, clock } = server.deps
    const { verify } = passwords
    Object.assign(passwords, {
      verify: async (...given: Parameters<typeof verify>) => {
        const verdict = await verify(...given)
        const user = await storage.users.findByEmailKey('ada@example.com')
        await storage.users.setPassword(user?.id ?? '', 'the hash of another password', clock())
        return verdict
      },
    })
    await attempt(agent, 'ada@example.com', PASSWORD)
    expect(locationOf(await agent.request(`${ISSUER}/account`))).toBe(LOGIN)
  })

  it('renews a hash that was made with other parameters', async () => {
    const { server, agent } = await withAda()
    const find = () => server.deps.storage.users.findByEmailKey('ada@example.com')
    const before = (await find())?.passwordHash ?? ''
    Object.assign(server.deps.passwords, { needsRehash: (hash: string) => hash === before })
    expect((await attempt(agent, 'ada@example.com', PASSWORD)).status).toBe(303)
    expect((await find())?.passwordHash).not.toBe(before)
    expect((await attempt(agent, 'ada@example.com', PASSWORD)).status).toBe(303)
  })
})

describe('session fixation and cookies', () => {
  const session = (agent: Agent): string =>
    [...agent.cookies].find(([name]) => name.startsWith('dw-session-'))?.[1] ?? ''

  it('gives a new session id at each sign-in, and the old one opens nothing', async () => {
    const { server, agent } = await withAda()
    await signIn(agent, await agent.open(LOGIN))
    const first = session(agent)
    expect(first).toMatch(/^[\w-]{43}$/)
    await signIn(agent, await agent.open(LOGIN))
    expect(session(agent)).toMatch(/^[\w-]{43}$/)
    expect(session(agent)).not.toBe(first)
    const thief = server.agent()
    const name = [...agent.cookies.keys()].find((each) => each.startsWith('dw-session-')) ?? ''
    thief.cookies.set(name, first)
    expect(locationOf(await thief.request('/account'))).toBe(LOGIN)
  })

  it('never takes over an id that was planted before', async () => {
    const { server, agent } = await withAda()
    await addUser(server, 'eve@example.com')
    const eve = server.agent()
    await signIn(eve, await eve.open(LOGIN), 'eve@example.com')
    const [name = '', planted = ''] = [...eve.cookies].find(([each]) => each.startsWith('dw-session-')) ?? []
    agent.cookies.set(name, planted)
    await signIn(agent, await agent.open(LOGIN))
    expect(session(agent).split('.')[0]).not.toBe(planted)
    const seen = await eve.open(`${ISSUER}/account`)
    expect(seen.text).toContain('eve@example.com')
    expect(seen.text).not.toContain('ada@example.com')
  })

  it('keeps at most five accounts, the latest first, and signs the oldest out', async () => {
    const { server, agent } = await withAda()
    for (const name of ['b', 'c', 'd', 'e', 'f']) {
      await addUser(server, `${name}@example.com`)
      await signIn(agent, await agent.open(LOGIN), `${name}@example.com`)
    }
    const before = session(agent)
    await signIn(agent, await agent.open(LOGIN))
    expect(server.story().filter((event) => event === 'session.ended')).toHaveLength(1)
    const oldest = server.agent()
    const [name = ''] = [...agent.cookies.keys()].filter((each) => each.startsWith('dw-session-'))
    oldest.cookies.set(name, before.split('.').at(-1) ?? '')
    expect((await oldest.open(`${ISSUER}/account`)).text).not.toContain('b@example.com')
    expect(session(agent).split('.')).toHaveLength(5)
    const account = await agent.open(`${ISSUER}/account`)
    expect(account.text).not.toContain('b@example.com')
    expect(account.text.indexOf('ada@example.com')).toBeLessThan(account.text.indexOf('f@example.com'))
  })

  it('carries the __Host- prefix and Secure on an https issuer', async () => {
    const server = await startServer({ issuer: 'https://id.example.com' })
    await addUser(server)
    const agent = server.agent()
    const page = await agent.open('https://id.example.com/login')
    const { action, hidden } = formOf(page)
    const form = { ...hidden, email: 'ada@example.com', password: PASSWORD }
    const done = await agent.request(action, { form })
    expect(done.headers.getSetCookie()).toEqual([
      expect.stringMatching(
        /^__Host-dw-session-[0-9a-f]{4}=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
      ),
    ])
  })
})

describe('csrf, RFC 6749 §10.12', () => {
  it.each([
    ['without the cookie', (agent: Agent) => agent.cookies.clear()],
    ['with the cookie of another browser', (agent: Agent) => replaceCookies(agent)],
  ])('shows the page again with 400 and all but the password, %s; then it works', async (_, meddle) => {
    const { agent } = await withAda()
    const page = await agent.open(LOGIN)
    meddle(agent)
    const again = await signIn(agent, page)
    expect(again.status).toBe(400)
    expect(typedIn(again, 'email')).toBe('ada@example.com')
    expect(new URL((await signIn(agent, again)).url).pathname).toBe('/account')
  })

  it('refuses what another site sent, without checking the password', async () => {
    const { server, agent } = await withAda()
    const page = await agent.open(LOGIN)
    const fields = { email: 'ada@example.com', password: PASSWORD }
    const sent = await agent.submit(page, fields, { origin: 'https://evil.example' })
    expect(sent.status).toBe(400)
    expect(server.story()).toEqual([])
  })

  it('keeps the authorization of a stale form', async () => {
    const { server, agent } = await withAda()
    const client = await addClient(server, { trusted: true })
    const page = await agent.open(authorizeUrl(client))
    agent.cookies.clear()
    const again = await signIn(agent, page)
    expect(again.status).toBe(400)
    expect(answerOf(await signIn(agent, again)).code).toBeDefined()
  })
})

describe('double submit, back and reload end well', () => {
  it('a form that is sent twice signs in twice', async () => {
    const { server, agent } = await withAda()
    const client = await addClient(server, { trusted: true })
    const page = await agent.open(authorizeUrl(client))
    const [one, two] = await Promise.all([signIn(agent, page), signIn(agent, page)])
    expect(answerOf(one).code).toBeDefined()
    expect(answerOf(two).code).toBeDefined()
    // Back, and sent once more.
    expect(answerOf(await signIn(agent, page)).code).toBeDefined()
    expect(answerOf(await agent.request(authorizeUrl(client, { prompt: 'none' }))).code).toBeDefined()
  })

  it('a broken authorization is an error page', async () => {
    const { agent } = await withAda()
    expect((await agent.request('/login?client_id=nobody')).status).toBe(400)
  })
})

describe('throttle of failed sign-ins', () => {
  const settings = { limits: { signIn: { perAccountAndAddress: 3, perAddress: 5, windowSeconds: 600 } } }
  const fail = (agent: Agent, email = 'ada@example.com') => attempt(agent, email, 'wrong wrong wrong')

  it('answers 429 with Retry-After and the same words, for known and unknown accounts alike', async () => {
    const { server, agent } = await withAda(settings)
    const pages: Page[] = []
    for (const email of ['ada@example.com', 'nobody@example.com']) {
      for (const _ of [1, 2, 3]) expect((await fail(agent, email)).status).toBe(401)
      server.wait(10)
      // The right password is not tried either: 429 tells nothing about it.
      const throttled = await attempt(agent, email, PASSWORD)
      expect(throttled.status).toBe(429)
      expect(throttled.headers.get('retry-after')).toBe('590')
      pages.push(throttled)
      agent.ip = '198.51.100.7'
    }
    expect(new Set(pages.map(wordsOf)).size).toBe(1)
    expect(server.events.at(-1)).toMatchObject({ event: 'sign_in.throttled', reason: 'sign_in_throttled' })
    server.wait(590)
    agent.ip = '192.0.2.1'
    expect((await attempt(agent, 'ada@example.com', PASSWORD)).status).toBe(303)
  })

  it('counts an address over all accounts', async () => {
    const { agent } = await withAda(settings)
    for (const name of ['a', 'b', 'c', 'd', 'e'])
      expect((await fail(agent, `${name}@example.com`)).status).toBe(401)
    expect((await attempt(agent, 'ada@example.com', PASSWORD)).status).toBe(429)
    agent.ip = '192.0.2.2'
    expect((await attempt(agent, 'ada@example.com', PASSWORD)).status).toBe(303)
  })

  it('never counts a success, which clears the pair', async () => {
    const { agent } = await withAda(settings)
    for (const _ of [1, 2, 3, 4]) {
      await fail(agent)
      expect((await attempt(agent, 'ada@example.com', PASSWORD)).status).toBe(303)
    }
    expect((await fail(agent)).status).toBe(401)
    expect((await attempt(agent, 'ada@example.com', PASSWORD)).status).toBe(429)
  })

  it('lets no more through when many come at once', async () => {
    const { server } = await withAda(settings)
    const agents = Array.from({ length: 20 }, () => server.agent())
    const statuses = await Promise.all(agents.map(async (agent) => (await fail(agent)).status))
    expect(statuses.filter((status) => status === 401)).toHaveLength(3)
    expect(statuses.filter((status) => status === 429)).toHaveLength(17)
  })
})

it('a full queue is 503 with Retry-After, and what was typed is kept', async () => {
  const { server } = await withAda({
    passwordHash: { memoryKiB: 8, passes: 1, lanes: 1, concurrency: 1, queue: 0 },
  })
  const pages = await Promise.all(
    [1, 2, 3, 4, 5].map(() => attempt(server.agent(), 'ada@example.com', PASSWORD)),
  )
  const busy = pages.filter(({ status }) => status === 503)
  expect(pages.length - busy.length).toBeGreaterThan(0)
  for (const page of busy) {
    expect(page.headers.get('retry-after')).not.toBeNull()
    expect(typedIn(page, 'email')).toBe('ada@example.com')
  }
})

function replaceCookies(agent: Agent): void {
  for (const name of agent.cookies.keys()) agent.cookies.set(name, 'A'.repeat(43))
}
