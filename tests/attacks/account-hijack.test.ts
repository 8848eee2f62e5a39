import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Agent, createAgent, type Page } from '../support/agent.ts'
import { decodeHtml, formWith } from '../support/forms.ts'
import { freePort } from '../support/port.ts'
import { type OidcStandIn, startOidcProvider } from '../support/providers/oidc.ts'
import { type Doorward, freshPassword, startDoorward } from '../support/server.ts'

type Someone = { sub: string; email: string; email_verified: boolean }

/** Sign-ins with a provider, and linking one, as somebody would try to get at another person's account by them. */
describe('taking over an account by way of a provider', () => {
  let server: Doorward
  let google: OidcStandIn
  let forum: OidcStandIn
  // Whoever is at the provider at the moment.
  const atGoogle: Someone = { sub: '', email: '', email_verified: true }
  const atForum: Someone = { sub: '', email: '', email_verified: false }
  let people = 0

  beforeAll(async () => {
    const issuer = `http://localhost:${await freePort()}`
    ;[google, forum] = await Promise.all([
      startOidcProvider({ user: atGoogle }),
      startOidcProvider({ user: atForum }),
    ])
    const providers = [settingsOf(google, 'google'), settingsOf(forum, 'forum')]
    const flags = ['--port', new URL(issuer).port, '--issuer', issuer]
    server = await startDoorward({ database: 'sqlite', config: { providers }, flags })
  })
  afterAll(() => Promise.all([server.stop(), google.stop(), forum.stop()]))

  const settingsOf = ({ issuer, clientId, clientSecret }: OidcStandIn, id: string) => {
    return { provider: 'oidc', id, name: id, issuer, clientId, clientSecret }
  }
  const connections = () => `${server.issuer}/account/connections`
  /** An address that nobody has yet. */
  const newAddress = () => {
    people += 1
    return `person${people}@example.com`
  }
  const become = (person: Someone, email: string, sub = `sub-of-${email}`) =>
    Object.assign(person, { email, sub })
  const createAccount = async (email: string, ...more: string[]) => {
    const password = freshPassword()
    const args = ['users', 'create', '--email', email, '--password-stdin', ...more]
    const { sub } = Object(await server.json(args, password))
    return { email, password, sub: String(sub) }
  }
  const methodsOf = async (email: string) => {
    const { sub, email_verified, sign_in_methods } = Object(await server.json(['users', 'show', email]))
    return {
      sub,
      verified: email_verified,
      methods: sign_in_methods.map((one: { type: string; provider?: string }) => one.provider ?? one.type),
    }
  }
  const byPassword = async (agent: Agent, { email, password }: { email: string; password: string }) =>
    agent.submit(await agent.open(`${server.issuer}/login`), { email, password })
  /** From an address that leads to a provider to where the browser ends up. */
  const through = async (agent: Agent, leaving: Page): Promise<Page> => {
    const there = agent.location(leaving) ?? onwardsFrom(leaving)
    if (there === null) throw new Error(`does not lead on: ${leaving.status} ${leaving.text}`)
    return agent.open(agent.location(await agent.request(there)) ?? '')
  }
  /** Where the page behind a "Connect" button goes on to by itself. */
  const onwardsFrom = ({ text }: Page): string | null => {
    const [, url] = /http-equiv="refresh" content="0; url=([^"]*)"/.exec(text) ?? []
    return url === undefined ? null : decodeHtml(url)
  }
  const byProvider = async (agent: Agent, provider: string) =>
    through(agent, await agent.request(`${server.issuer}/login/${provider}`))
  /** Presses a button of the page of connections, without following. */
  const press = async (
    agent: Agent,
    page: Page,
    fields: Record<string, string>,
    change: Record<string, string> = {},
  ) => {
    const form = formWith(page.text, fields)
    const body = new URLSearchParams([
      ...new Map([...form.values, ...Object.entries({ ...fields, ...change })]),
    ])
    return agent.request(new URL(form.action, page.url).href, { method: 'POST', body })
  }

  it('leaves a squatter who waits under an unproven address nothing, and lets its owner in', async () => {
    const squat = await createAccount(newAddress())
    const squatter = createAgent()
    await byPassword(squatter, squat)
    become(atForum, newAddress())
    await through(squatter, await press(squatter, await squatter.open(connections()), { connect: 'forum' }))
    expect(await methodsOf(squat.email)).toMatchObject({ methods: ['password', 'forum'], verified: false })
    become(atGoogle, squat.email)
    const owner = createAgent()
    expect((await byProvider(owner, 'google')).text).toContain(squat.email)
    expect(await methodsOf(squat.email)).toEqual({ sub: squat.sub, verified: true, methods: ['google'] })
    expect((await squatter.open(`${server.issuer}/account`)).url).toContain('/login')
    expect((await byPassword(createAgent(), squat)).status).toBe(401)
    // The squatter's own account at the other provider is theirs again, and nobody's way into this one.
    expect((await byProvider(createAgent(), 'forum')).text).not.toContain(squat.email)
  })

  it('joins no account by an address that the provider has not verified', async () => {
    const victim = await createAccount(newAddress(), '--email-verified')
    become(atForum, victim.email)
    const refused = await byProvider(createAgent(), 'forum')
    expect(refused.status).toBe(403)
    expect(refused.text).toContain('email_in_use')
    expect((await methodsOf(victim.email)).methods).toEqual(['password'])
    expect((await byPassword(createAgent(), victim)).url).toBe(`${server.issuer}/account`)
  })

  it('makes one account of two first sign-ins at once', async () => {
    become(atGoogle, newAddress())
    const pages = await Promise.all(Array.from({ length: 6 }, () => byProvider(createAgent(), 'google')))
    expect(pages.map(({ url }) => url)).toEqual(pages.map(() => `${server.issuer}/account`))
    expect((await methodsOf(atGoogle.email)).methods).toEqual(['google'])
  })

  it('links no account of the provider that signs in somebody else', async () => {
    become(atGoogle, newAddress())
    await byProvider(createAgent(), 'google')
    const other = await createAccount(newAddress())
    const agent = createAgent()
    await byPassword(agent, other)
    const taken = await through(
      agent,
      await press(agent, await agent.open(connections()), { connect: 'google' }),
    )
    expect(taken.status).toBe(403)
    expect((await methodsOf(other.email)).methods).toEqual(['password'])
    expect((await methodsOf(atGoogle.email)).methods).toEqual(['google'])
    // A provider may end all that it gave a person with any of it, also what is kept for the other account.
    expect(google.seen.filter(({ path }) => path === '/revoke')).toEqual([])
  })

  it('connects and disconnects nothing by a forged form, nor by a link', async () => {
    const person = await createAccount(newAddress())
    const agent = createAgent()
    await byPassword(agent, person)
    become(atGoogle, newAddress())
    const page = await agent.open(connections())
    for (const change of [{ csrf: '' }, { csrf: 'A'.repeat(43) }, { account: 'another' }, { account: '' }]) {
      const refused = await press(agent, page, { connect: 'google' }, change)
      expect([refused.status, agent.location(refused)]).toEqual([400, null])
    }
    const stranger = createAgent()
    await byPassword(stranger, await createAccount(newAddress()))
    const foreign = formWith((await stranger.open(connections())).text, { connect: 'google' }).values
    const lured = await press(agent, page, { connect: 'google' }, Object.fromEntries(foreign))
    expect(lured.status).toBe(400)
    expect((await agent.request(`${connections()}?connect=google`)).status).toBe(200)
    await through(agent, await press(agent, page, { connect: 'google' }))
    const [, id = ''] = /\?disconnect=([\w-]+)/.exec((await agent.open(connections())).text) ?? []
    const asked = await agent.open(`${connections()}?disconnect=${id}`)
    expect((await press(agent, asked, { disconnect: id }, { csrf: '' })).status).toBe(400)
    expect((await methodsOf(person.email)).methods).toEqual(['password', 'google'])
  })

  it('disconnects nothing of somebody else', async () => {
    become(atGoogle, newAddress())
    const victim = createAgent()
    await byProvider(victim, 'google')
    await createAccount('unused@example.com')
    const [, page] = [await victim.open(connections()), await victim.open(connections())]
    expect(page.text).toContain('disabled')
    const { sign_in_methods: methods } = Object(await server.json(['users', 'show', atGoogle.email]))
    const attacker = createAgent()
    await byPassword(attacker, await createAccount(newAddress()))
    const own = await attacker.open(connections())
    await press(attacker, own, { connect: 'google' }, { connect: '', disconnect: methods[0].id })
    expect((await methodsOf(atGoogle.email)).methods).toEqual(['google'])
  })

  it('links for nobody but the session that asked: not after a sign-out, nor in another browser', async () => {
    const person = await createAccount(newAddress())
    const agent = createAgent()
    await byPassword(agent, person)
    become(atGoogle, newAddress())
    const leaving = await press(agent, await agent.open(connections()), { connect: 'google' })
    const back = agent.location(await agent.request(onwardsFrom(leaving) ?? '')) ?? ''
    // Whoever is lured to the end of somebody else's linking has no transaction of it.
    const lured = createAgent()
    await byPassword(lured, await createAccount(newAddress()))
    expect((await lured.open(back)).status).toBeGreaterThanOrEqual(400)
    const account = await agent.open(`${server.issuer}/account`)
    const [, sid = ''] = /name="sign_out" value="([^"]+)"/.exec(account.text) ?? []
    await agent.submit(account, { sign_out: sid })
    await byPassword(agent, await createAccount(newAddress()))
    expect((await agent.open(back)).status).toBe(403)
    expect((await methodsOf(person.email)).methods).toEqual(['password'])
  })
})
