import { github, type Provider } from '@doorward/client'
import { afterEach, describe, expect, it } from 'vitest'
import { type GithubOptions, type GithubStandIn, startGithub } from '../support/providers/github.ts'
import { type SignInApp, sessionOf, signInAt, startSignInApp, untilCallback } from '../support/sign-in-app.ts'

const stops: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

type Peers = { readonly github: GithubStandIn; readonly app: SignInApp }

/** The library's own GitHub, at the stand-in's addresses. */
const startPeers = async (
  options: GithubOptions = {},
  own: Partial<Provider> = {},
  clock = () => Math.floor(Date.now() / 1000),
): Promise<Peers> => {
  const peer = await startGithub(options)
  stops.push(peer.stop)
  const { clientId, clientSecret, endpoints, extra } = peer
  const provider = { ...github({ clientId, clientSecret }), endpoints, extra, ...own }
  const app = await startSignInApp({ providers: [provider], clock })
  stops.push(app.stop)
  return { github: peer, app }
}

const userOf = async ({ app }: Peers): Promise<unknown> => {
  const { agent } = await signInAt(app, 'github')
  return (await sessionOf(app, agent))?.user
}

const codesOf = ({ app }: Peers) => app.failures.map(({ error }) => error.code)

describe('signing in with GitHub', () => {
  it('finds the private, proven primary address in the list of addresses', async () => {
    expect(await userOf(await startPeers())).toMatchObject({
      provider: 'github',
      subject: '583231',
      email: 'octocat@github.com',
      emailVerified: true,
      name: 'The Octocat',
    })
  })

  it('takes no unproven address, not even the primary one', async () => {
    const emails = [{ email: 'victim@example.com', primary: true, verified: false, visibility: null }]
    const peers = await startPeers({ account: { emails, email: 'victim@example.com' } })
    expect(await userOf(peers)).toMatchObject({ subject: '583231', email: null, emailVerified: false })
  })

  it('takes another proven address where the primary one is not', async () => {
    const emails = [
      { email: 'new@example.com', primary: true, verified: false, visibility: null },
      { email: 'old@example.com', primary: false, verified: true, visibility: null },
    ]
    const user = await userOf(await startPeers({ account: { emails } }))
    expect(user).toMatchObject({ email: 'old@example.com', emailVerified: true })
  })

  it('asks for JSON, and with PKCE', async () => {
    const peers = await startPeers()
    await userOf(peers)
    const [authorization, token] = peers.github.seen
    expect(authorization?.parameters.get('code_challenge_method')).toBe('S256')
    expect(authorization?.parameters.get('scope')).toBe('read:user user:email')
    expect(token?.accept).toContain('application/json')
    expect(token?.parameters.get('code_verifier')).toMatch(/^[\w-]{43,}$/)
  })

  it('takes a form too: GitHub sends one unless it is asked for JSON', async () => {
    const peers = await startPeers({ answers: 'form' })
    expect(await userOf(peers)).toMatchObject({ subject: '583231' })
  })

  it.each(['asked', 'form'] as const)('reads errors inside a 200 (%s)', async (answers) => {
    const wrongSecret = await startPeers({ answers }, { clientSecret: 'wrong' })
    await userOf(wrongSecret)
    expect(codesOf(wrongSecret)).toEqual(['client_rejected'])

    const usedCode = await startPeers({ answers })
    const { agent, callback } = await untilCallback(usedCode.app, 'github')
    const url = new URL(callback ?? '')
    url.searchParams.set('code', 'used-or-expired')
    await agent.open(url.href)
    expect(codesOf(usedCode)).toEqual(['code_refused'])
  })

  it('says that the redirect URI is another one than is registered', async () => {
    const peers = await startPeers({ callback: 'https://app.example/login/github/callback' })
    const { callback } = await untilCallback(peers.app, 'github')
    const answer = new URL(callback ?? '')
    expect(answer.origin).toBe('https://app.example')
    expect(answer.searchParams.get('error')).toBe('redirect_uri_mismatch')
  })

  it('a person who says no is told so', async () => {
    const peers = await startPeers()
    peers.github.deny(true)
    const { page, agent } = await signInAt(peers.app, 'github')
    expect(codesOf(peers)).toEqual(['access_denied'])
    expect(page.text).toContain('The user has denied your application access.')
    expect(await sessionOf(peers.app, agent)).toBeNull()
  })

  it('says so where the scope does not cover the addresses', async () => {
    const peers = await startPeers({}, { scope: 'read:user' })
    await userOf(peers)
    expect(codesOf(peers)).toEqual(['userinfo_refused'])
  })

  it('works for a GitHub App, which has no scopes and whose tokens expire', async () => {
    const user = await userOf(await startPeers({ app: 'github' }))
    expect(user).toMatchObject({ email: 'octocat@github.com' })
  })

  it('keeps no token in the clear', async () => {
    const peers = await startPeers({ app: 'github' })
    await userOf(peers)
    const dump = await peers.app.dump()
    for (const secret of peers.github.issued) expect(dump).not.toContain(secret)
  })

  it("a GitHub App's token is refreshed once it has expired, and a refusal inside a 200 ends the session", async () => {
    let ahead = 0
    const peers = await startPeers({ app: 'github' }, {}, () => Math.floor(Date.now() / 1000) + ahead)
    const { agent } = await signInAt(peers.app, 'github')
    const ref = String((await sessionOf(peers.app, agent))?.ref)
    const first = await peers.app.signIn.getAccessToken({ ref })
    ahead = 9 * 3600
    const second = await peers.app.signIn.getAccessToken({ ref })
    expect(second).toMatch(/^ghu_/)
    expect(second).not.toBe(first)

    expect(await sessionOf(peers.app, agent)).not.toBeNull()
    peers.github.takeBack()
    ahead = 18 * 3600
    await expect(peers.app.signIn.getAccessToken({ ref })).rejects.toMatchObject({ code: 'refresh_refused' })
    expect(await sessionOf(peers.app, agent)).toBeNull()
  })

  it("an OAuth app's token does not expire, and is not refreshed", async () => {
    let ahead = 0
    const peers = await startPeers({}, {}, () => Math.floor(Date.now() / 1000) + ahead)
    const { agent } = await signInAt(peers.app, 'github')
    const ref = String((await sessionOf(peers.app, agent))?.ref)
    const first = await peers.app.signIn.getAccessToken({ ref })
    ahead = 11 * 3600
    expect(await peers.app.signIn.getAccessToken({ ref })).toBe(first)
  })
})
