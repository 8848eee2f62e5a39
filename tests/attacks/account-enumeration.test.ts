import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAgent, type Page } from '../support/agent.ts'
import { callbackUri } from '../support/flow.ts'
import { type Doorward, freshPassword, startDoorward, type TestUser } from '../support/server.ts'

describe('account enumeration and password guessing, SP 800-63B-4 §3.2.2', () => {
  let server: Doorward
  let user: TestUser
  let disabled: TestUser
  /** Signs in with a provider alone. */
  const bare = 'no.password@example.com'

  beforeAll(async () => {
    // All of it comes from one address; the limit per account is what is looked at here.
    const limits = { signIn: { perAddress: 10_000 } }
    server = await startDoorward({ database: 'sqlite', config: { limits } })
    ;[user, disabled] = await Promise.all([
      server.createUser(),
      server.createUser(),
      server.createClient({ redirect_uris: [callbackUri] }),
    ])
    await server.json(['users', 'disable', disabled.email])
    await server.json(['users', 'create', '--email', bare, '--email-verified'])
  })
  afterAll(() => server.stop())

  const attempt = async (email: string, password: string): Promise<Page> => {
    const agent = createAgent()
    return agent.submit(await agent.open(`${server.issuer}/login`), { email, password })
  }

  /** What differs between any two loads: the typed address, tokens, references. */
  const wordsOf = (page: Page, email: string) =>
    page.text
      .replaceAll(email, 'EMAIL')
      .replace(/(name="csrf"[^>]*value=")[^"]*|(value=")[^"]*("[^>]*name="csrf")/g, '$1$2$3')

  it('says the same about a wrong password, an unknown account, a disabled one and one without a password', async () => {
    const wrong = await attempt(user.email, 'not the password at all')
    const unknown = await attempt('nobody@example.com', 'not the password at all')
    const gone = await attempt(disabled.email, 'not the password at all')
    const right = await attempt(disabled.email, disabled.password)
    const without = await attempt(bare, 'not the password at all')
    const statuses = [unknown.status, gone.status, right.status, without.status]
    expect(statuses).toEqual(statuses.map(() => wrong.status))
    const words = wordsOf(wrong, user.email)
    expect(wordsOf(unknown, 'nobody@example.com')).toBe(words)
    expect(wordsOf(gone, disabled.email)).toBe(words)
    expect(wordsOf(right, disabled.email)).toBe(words)
    expect(wordsOf(without, bare)).toBe(words)
    expect(wrong.text).not.toContain('not the password at all')
  })

  it('sends the same headers to each', async () => {
    const names = (page: Page) => [...page.headers.keys()].filter((name) => name !== 'content-length').sort()
    const wrong = await attempt(user.email, 'x')
    const unknown = await attempt('nobody@example.com', 'x')
    expect(names(unknown)).toEqual(names(wrong))
  })

  it('slows guessing down: ten failures for an account from an address, then 429, whoever asks', async () => {
    const known = await server.createUser()
    for (const email of [known.email, 'never.was@example.com']) {
      const statuses: number[] = []
      for (let tries = 0; tries < 11; tries += 1)
        statuses.push((await attempt(email, 'wrong password')).status)
      expect(statuses.slice(0, 10)).not.toContain(429)
      expect(statuses[10]).toBe(429)
    }
    const throttled = await attempt(known.email, known.password)
    expect(throttled.status).toBe(429)
    expect(Number(throttled.headers.get('retry-after'))).toBeGreaterThan(0)
    const unknown = await attempt('never.was@example.com', known.password)
    const minutes = (page: Page, email: string) =>
      wordsOf(page, email).replace(/\d+ (?:minutes?|seconds?)/g, 'N')
    expect(minutes(throttled, known.email)).toBe(minutes(unknown, 'never.was@example.com'))
  })

  it('guesses at the same moment are counted too: no more than ten are looked at', async () => {
    const target = await server.createUser()
    const guesses = await Promise.all(
      Array.from({ length: 30 }, () => attempt(target.email, 'wrong password')),
    )
    expect(guesses.filter(({ status }) => status !== 429).length).toBeLessThanOrEqual(10)
  })

  it('one address that tries many accounts is slowed down too (password spraying)', async () => {
    const config = { limits: { signIn: { perAddress: 5 } } }
    const small = await startDoorward({ database: 'sqlite', config })
    try {
      const statuses: number[] = []
      for (let tries = 0; tries < 6; tries += 1) {
        const agent = createAgent()
        const page = await agent.open(`${small.issuer}/login`)
        const fields = { email: `person${tries}@example.com`, password: 'Winter 2026 password' }
        statuses.push((await agent.submit(page, fields)).status)
      }
      expect(statuses.slice(0, 5)).not.toContain(429)
      expect(statuses[5]).toBe(429)
    } finally {
      await small.stop()
    }
  })

  it('a success clears the pair: people who mistype are not locked out', async () => {
    const target = await server.createUser()
    for (let round = 0; round < 2; round += 1) {
      for (let tries = 0; tries < 9; tries += 1) await attempt(target.email, 'wrong password')
      expect((await attempt(target.email, target.password)).text).toContain(target.email)
    }
  })

  it('an address that a client claims by header is not believed', async () => {
    const target = await server.createUser()
    const statuses: number[] = []
    for (let tries = 0; tries < 11; tries += 1) {
      const agent = createAgent({
        'x-forwarded-for': `203.0.113.${tries}`,
        forwarded: `for=203.0.113.${tries}`,
      })
      const page = await agent.open(`${server.issuer}/login`)
      statuses.push((await agent.submit(page, { email: target.email, password: 'wrong password' })).status)
    }
    expect(statuses.at(-1)).toBe(429)
  })

  it('passwords are refused by rule when made, the same for all accounts', async () => {
    const create = (email: string, password: string) =>
      server.cli(['users', 'create', '--email', email, '--password-stdin'], `${password}\n`)
    const short = await create('short@example.com', 'elevenchars')
    expect(short.code).toBe(1)
    expect(short.stderr).toMatch(/12/)
    expect(short.stderr).not.toContain('elevenchars')
    expect((await create(user.email.toUpperCase(), freshPassword())).code).toBe(1)
  })
})
