import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Agent, createAgent, type Page } from '../support/agent.ts'
import { answerOf, authorizeUrl, callbackUri, createPkce, exchange } from '../support/flow.ts'
import { formsOf, formWith } from '../support/forms.ts'
import { type OidcStandIn, startOidcProvider } from '../support/providers/oidc.ts'
import {
  type Doorward,
  databases,
  type RegisteredClient,
  startDoorward,
  startNode,
} from '../support/server.ts'

const scope = 'openid email connections:corp'

describe.each(databases)('tokens of people’s accounts elsewhere, on %s', (database) => {
  let provider: OidcStandIn
  let server: Doorward
  let node: Doorward
  let app: RegisteredClient
  let trusted: RegisteredClient

  beforeAll(async () => {
    // A first access token has expired when it comes.
    provider = await startOidcProvider({ expiresIn: 0, refreshedExpiresIn: 3600 })
    const { issuer, clientId, clientSecret } = provider
    const corp = { provider: 'oidc', id: 'corp', name: 'Corp & Co', issuer, clientId, clientSecret }
    server = await startDoorward({ database, config: { providers: [corp] } })
    node = database === 'postgres' ? await startNode(server) : server
    // Proven on both sides, so the provider's account is linked to this one, which has a password too.
    await server.createUser({ email: 'janedoe@example.com', emailVerified: true })
    ;[app, trusted] = await Promise.all([
      server.createClient({ redirect_uris: [callbackUri], scope: `${scope} connections:other` }),
      server.createClient({ redirect_uris: [callbackUri], scope, trusted: true }),
    ])
  })
  afterAll(async () => {
    if (node !== server) await node.stop()
    await server.stop()
    await provider.stop()
  })

  const pkce = createPkce()
  const url = (client: RegisteredClient, more: Record<string, string> = {}) =>
    authorizeUrl(server, {
      response_type: 'code',
      client_id: client.client_id,
      redirect_uri: callbackUri,
      scope,
      code_challenge: pkce.challenge,
      code_challenge_method: 'S256',
      ...more,
    })
  /** From the app's request through the provider, which lets its one person in, to whatever comes next. */
  const throughProvider = async (agent: Agent, client: RegisteredClient): Promise<Page> => {
    const page = await agent.open(url(client))
    const [, href = ''] = /href="([^"]*\/login\/corp(?:\?[^"]*)?)"/.exec(page.text) ?? []
    const leaving = await agent.request(new URL(href.replaceAll('&amp;', '&'), page.url).href)
    return agent.open(agent.location(await agent.request(agent.location(leaving) ?? '')) ?? '')
  }
  const tokensOf = async (client: RegisteredClient, agent: Agent, page: Page) => {
    const answer = answerOf(agent, page)
    const code = answer.searchParams.get('code') ?? ''
    const authorized = { agent, pkce, redirectUri: callbackUri, answer: answer.searchParams, code }
    return (await exchange(server, client, authorized)).body
  }
  const ask = async (at: Doorward, token: unknown) => {
    const path = `${at.origin}/api/v1/me/connections/corp/token`
    const response = await fetch(path, { headers: { authorization: `Bearer ${token}` } })
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }
  const refreshes = () =>
    provider.seen.filter(({ parameters }) => parameters.get('grant_type') === 'refresh_token').length

  it('are handed out once the person signed in with the provider and allowed it, refreshed once for fifty requests', async () => {
    const agent = createAgent()
    const consent = await throughProvider(agent, app)
    expect(consent.text).toContain('Use your Corp &amp; Co account in your name')
    expect(consent.text).toMatch(/Use your Corp &amp; Co account[\s\S]{0,200}Sensitive/)
    const tokens = await tokensOf(app, agent, await agent.submit(consent, { decision: 'allow' }))
    expect(tokens.scope).toBe(scope)
    const before = refreshes()
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => ask(index % 2 === 0 ? server : node, tokens.access_token)),
    )
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
    expect(new Set(answers.map(({ body }) => body.access_token)).size).toBe(1)
    expect(refreshes() - before).toBe(1)
    const userinfo = await fetch(`${provider.issuer}/userinfo`, {
      headers: { authorization: `Bearer ${answers[0]?.body.access_token}` },
    })
    expect(userinfo.status).toBe(200)
  })

  it('are asked about also for a trusted client, once, and never behind prompt=none', async () => {
    const agent = createAgent()
    const consent = await throughProvider(agent, trusted)
    expect(formsOf(consent.text).some(({ buttons }) => buttons.some(({ name }) => name === 'decision'))).toBe(
      true,
    )
    const silent = await agent.open(url(trusted, { prompt: 'none' }))
    expect(answerOf(agent, silent).searchParams.get('error')).toBe('consent_required')
    const plain = await agent.open(url(trusted, { prompt: 'none', scope: 'openid email' }))
    expect(answerOf(agent, plain).searchParams.get('code')).not.toBeNull()
    const tokens = await tokensOf(trusted, agent, await agent.submit(consent, { decision: 'allow' }))
    expect((await ask(server, tokens.access_token)).status).toBe(200)
    const again = await agent.open(url(trusted, { prompt: 'none' }))
    expect(answerOf(agent, again).searchParams.get('code')).not.toBeNull()
  })

  it('are refused where the person said no, or the provider is not configured', async () => {
    const agent = createAgent()
    const page = await throughProvider(agent, app)
    // Allowed before: the app is sent on without a question.
    const tokens = await tokensOf(app, agent, page)
    const other = await agent.open(url(app, { scope: 'openid connections:other' }))
    expect((await tokensOf(app, agent, other)).scope).toBe('openid')
    expect((await ask(server, tokens.access_token)).status).toBe(200)
    const asked = await agent.open(url(app, { prompt: 'consent' }))
    const denied = answerOf(agent, await agent.submit(asked, { decision: 'deny' }))
    expect(denied.searchParams.get('error')).toBe('access_denied')
  })

  it('end with the account that was disconnected: revoked at the provider, and not to be had any more', async () => {
    const agent = createAgent()
    const tokens = await tokensOf(app, agent, await throughProvider(agent, app))
    const { body } = await ask(server, tokens.access_token)
    const page = await agent.open(`${server.issuer}/account/connections`)
    const [, id = ''] = /\?disconnect=([\w-]+)/.exec(page.text) ?? []
    const asked = await agent.open(`${server.issuer}/account/connections?disconnect=${id}`)
    // An id that no database takes is nobody's, and no trouble.
    const forged = new URLSearchParams([...formWith(asked.text, { disconnect: id }).values])
    forged.set('disconnect', 'i_\0')
    const answer = await agent.request(`${server.issuer}/account/connections`, {
      method: 'POST',
      body: forged,
    })
    expect(answer.status).toBe(303)
    await agent.submit(asked, { disconnect: id })
    const revoked = provider.seen.filter(({ path }) => path === '/revoke')
    expect(revoked.map(({ parameters }) => parameters.get('token'))).toContain(body.access_token)
    expect(await ask(node, tokens.access_token)).toMatchObject({
      status: 404,
      body: { error: 'connection_not_found', reason: 'connection_unlinked' },
    })
  })

  it('stand in no file of the database, nor in the log', async () => {
    const texts = [...provider.issued].filter((text) => !text.startsWith('code-'))
    expect(texts.length).toBeGreaterThan(8)
    const files = database === 'sqlite' ? await filesOf(server.data) : await postgresFiles(server)
    expect(files.length).toBeGreaterThan(database === 'sqlite' ? 1 : 50)
    // What is there in the clear is found by the same search.
    expect(files.some((file) => file.includes('janedoe@example.com'))).toBe(true)
    for (const file of files) expect(texts.filter((text) => file.includes(text))).toEqual([])
    const log = server.process.output()
    expect(log).toContain('connection.token_issued')
    expect(texts.filter((text) => log.includes(text))).toEqual([])
  })
})

/** Every file in and below a folder; one that goes while it is read holds nothing. */
async function filesOf(folder: string): Promise<readonly Buffer[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  const read = files.map(({ parentPath, name }) =>
    readFile(join(parentPath, name)).catch(() => Buffer.alloc(0)),
  )
  return Promise.all(read)
}

/** The files of this database and the whole write-ahead log, as they are on disk. */
async function postgresFiles({ databaseUrl }: Doorward): Promise<readonly Buffer[]> {
  const client = new pg.Client({ connectionString: databaseUrl ?? '' })
  await client.connect()
  await client.query('CHECKPOINT')
  const { rows } = await client.query(
    "SELECT current_setting('data_directory') AS folder, oid FROM pg_database WHERE datname = current_database()",
  )
  await client.end()
  const [{ folder, oid }] = rows
  return [...(await filesOf(join(folder, 'base', String(oid)))), ...(await filesOf(join(folder, 'pg_wal')))]
}
