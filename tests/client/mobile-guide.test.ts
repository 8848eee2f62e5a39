import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAgent } from '../support/agent.ts'
import { answerOf, authorizeUrl, createPkce, walk } from '../support/flow.ts'
import { type Doorward, startDoorward, type TestUser } from '../support/server.ts'

const guide = readFileSync(new URL('../../docs/guides/mobile.md', import.meta.url), 'utf8')

/** The commands of the guide, as lists of arguments. */
const commands = [...guide.matchAll(/^npx doorward (.+)$/gm)].map(([, line = '']) =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? ''),
)

let server: Doorward
let user: TestUser

beforeAll(async () => {
  server = await startDoorward({ database: 'sqlite' })
  user = await server.createUser()
})

afterAll(async () => {
  await server.stop()
})

/** Where the browser is sent with the code, for a redirect URI that the client may or may not have. */
const sentTo = async (clientId: string, redirectUri: string): Promise<URL | null> => {
  const agent = createAgent()
  const { challenge, verifier } = createPkce()
  const parameters = {
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: 'openid offline_access',
    state: 'state-1',
    code_challenge: challenge,
    code_challenge_method: 'S256',
  }
  const page = await walk(agent, await agent.open(authorizeUrl(server, parameters)), user)
  if (agent.location(page) === null) return null
  const back = answerOf(agent, page)
  const code = back.searchParams.get('code') ?? ''
  const form = { grant_type: 'authorization_code', client_id: clientId, redirect_uri: redirectUri, code }
  const body = new URLSearchParams({ ...form, code_verifier: verifier })
  const answer = await fetch(`${server.issuer}/oauth/token`, { method: 'POST', body })
  expect(await answer.json()).toMatchObject({ token_type: 'Bearer', refresh_token: expect.any(String) })
  return back
}

describe('docs/guides/mobile.md', () => {
  it('has a command for claimed https, for a custom scheme, and for loopback', () => {
    expect(commands.map((words) => words.at(-1))).toEqual([
      'https://app.example.com/callback',
      'com.example.app:/callback',
      'http://127.0.0.1/callback',
    ])
  })

  it.each(commands)(
    '%s %s … makes a client that gets its tokens there, with PKCE alone',
    async (...words) => {
      const { client_id: clientId } = await server.json(words)
      const redirectUri = words.at(-1) ?? ''
      expect((await sentTo(String(clientId), redirectUri))?.href).toContain(`${redirectUri}?`)
    },
  )

  it('any port of 127.0.0.1 is taken, and no other path', async () => {
    const { client_id: clientId } = await server.json(commands.at(-1) ?? [])
    const there = await sentTo(String(clientId), 'http://127.0.0.1:51004/callback')
    expect(there?.host).toBe('127.0.0.1:51004')
    expect(await sentTo(String(clientId), 'http://127.0.0.1:51004/other')).toBeNull()
    expect(await sentTo(String(clientId), 'http://localhost:51004/callback')).toBeNull()
  })

  it('a scheme without a dot is refused', async () => {
    const words = ['clients', 'create', '--name', 'Orders', '--auth-method', 'none']
    const { code, stderr } = await server.cli([...words, '--redirect-uri', 'orders:/callback'])
    expect(code).not.toBe(0)
    expect(stderr).toContain('dot')
  })
})
