import { request as httpRequest } from 'node:http'
import {
  ClientError,
  doorward,
  oidc,
  signInFromTerminal,
  type TerminalOptions,
} from '@doorward/client/terminal'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAgent } from '../support/agent.ts'
import { walk } from '../support/flow.ts'
import { startOidcProvider } from '../support/providers/oidc.ts'
import { type Doorward, startDoorward, type TestUser } from '../support/server.ts'

let server: Doorward
let user: TestUser
let clientId: string

beforeAll(async () => {
  server = await startDoorward({ database: 'sqlite' })
  user = await server.createUser()
  const args = ['clients', 'create', '--name', 'CLI', '--auth-method', 'none']
  const made = await server.json([...args, '--redirect-uri', 'http://127.0.0.1/callback'])
  clientId = String(made.client_id)
})

afterAll(async () => {
  await server.stop()
})

type Browser = (url: string) => unknown

/** Signs in with `browser` in the place of a real one, which is left to finish too. */
const signIn = (browser: Browser, more: Partial<TerminalOptions> = {}) => {
  const printed: string[] = []
  const shown = Promise.withResolvers<unknown>()
  const options = {
    provider: doorward({ issuer: server.issuer, clientId }),
    open: (url: string) => shown.resolve(browser(url)),
    print: (text: string) => printed.push(text),
    ...more,
  }
  const result = signInFromTerminal(options).finally(() => shown.promise)
  return { printed, result }
}

const settled = async (result: Promise<unknown>): Promise<string> =>
  result.then(
    () => 'signed in',
    (error) => (error instanceof ClientError ? error.code : String(error)),
  )

/** A person at the browser, up to where it would go back to the terminal. */
const finish = async (url: string): Promise<URL> => {
  const agent = createAgent()
  const back = agent.location(await walk(agent, await agent.open(url), user))
  return new URL(back ?? 'about:blank')
}

const redirectUriOf = (url: string): URL => new URL(new URL(url).searchParams.get('redirect_uri') ?? '')

describe('signing in from a terminal at a Doorward server, RFC 8252', () => {
  it('opens the browser, waits on 127.0.0.1, and hands out who it is with their tokens', async () => {
    let page = ''
    const { result, printed } = signIn(async (url) => {
      page = await (await fetch(await finish(url))).text()
    })
    const { profile, tokens } = await result
    expect(profile).toMatchObject({ email: user.email })
    expect(tokens.refreshToken).not.toBeNull()
    expect(tokens.idToken).not.toBeNull()
    expect(page).toContain('You can close this window')
    expect(printed.join('\n')).toContain(`${server.issuer}/oauth/authorize?`)
  })

  it('asks with PKCE, a fresh state and nonce, on a fresh port (RFC 8252 §6, §7.3)', async () => {
    const asked: URLSearchParams[] = []
    for (const _ of [1, 2]) {
      const { result } = signIn(async (url) => {
        asked.push(new URL(url).searchParams)
        await fetch(await finish(url))
      })
      await result
    }
    for (const query of asked) {
      expect(query.get('code_challenge_method')).toBe('S256')
      expect(new URL(query.get('redirect_uri') ?? '').hostname).toBe('127.0.0.1')
    }
    for (const name of ['state', 'nonce', 'code_challenge'])
      expect(new Set(asked.map((query) => query.get(name))).size).toBe(2)
  })

  it('an answer with another state is nobody’s, and the wait goes on (RFC 8252 §8.9)', async () => {
    const statuses: number[] = []
    const { result } = signIn(async (url) => {
      const back = await finish(url)
      const forged = new URL(back)
      forged.searchParams.set('state', 'forged')
      for (const address of [forged, redirectUriOf(url), back]) statuses.push((await fetch(address)).status)
    })
    expect(await settled(result)).toBe('signed in')
    expect(statuses).toEqual([400, 400, 200])
  })

  it('answers at its callback alone, and to its own name alone', async () => {
    const statuses: (number | undefined)[] = []
    const ask = (url: URL, headers: Record<string, string>) =>
      new Promise<number | undefined>((resolve, reject) => {
        const request = httpRequest(url, { headers }, (response) => resolve(response.resume().statusCode))
        request.once('error', reject).end()
      })
    const { result } = signIn(async (url) => {
      const back = await finish(url)
      statuses.push(await ask(new URL('/', back), {}))
      statuses.push(await ask(back, { host: `rebound.example:${back.port}` }))
      await fetch(back)
    })
    expect(await settled(result)).toBe('signed in')
    expect(statuses).toEqual([404, 404])
  })

  it('a refusal at the provider ends it, with its cause in the terminal and on the page', async () => {
    let page = ''
    const { result } = signIn(async (url) => {
      const { searchParams } = new URL(url)
      const back = redirectUriOf(url)
      back.search = String(
        new URLSearchParams({
          error: 'access_denied',
          error_description: '<b>no</b>',
          state: searchParams.get('state') ?? '',
          iss: server.issuer,
        }),
      )
      page = await (await fetch(back)).text()
    })
    expect(await settled(result)).toBe('access_denied')
    expect(page).toContain('You did not allow it')
    expect(page).not.toContain('<b>')
  })

  it('waits no longer than it is told', async () => {
    const { result } = signIn(() => undefined, { timeoutSeconds: 0.2 })
    expect(await settled(result)).toBe('terminal_timed_out')
  })

  it('ends when the program gives up, and frees its port', async () => {
    const abort = new AbortController()
    let address = ''
    const { result } = signIn(
      (url) => {
        address = redirectUriOf(url).href
        abort.abort(new Error('given up'))
      },
      { signal: abort.signal },
    )
    expect(await settled(result)).toBe('Error: given up')
    await expect(fetch(address)).rejects.toThrow()
  })

  it('says so where the provider is not there', async () => {
    const provider = doorward({ issuer: 'http://127.0.0.1:9', clientId })
    const result = signInFromTerminal({ provider, open: () => undefined, print: () => undefined })
    expect(await settled(result)).toBe('provider_unreachable')
  })

  it('says which option of the provider is wrong before it opens anything', async () => {
    const opened: string[] = []
    const provider = doorward({ issuer: 'id.example.com', clientId })
    const open = (url: string) => opened.push(url)
    const result = signInFromTerminal({ provider, open, print: () => undefined })
    await expect(result).rejects.toThrow('issuer of doorward is "id.example.com"')
    expect(opened).toEqual([])
  })

  it.each(['id-token-wrong-nonce', 'iss-wrong', 'userinfo-other-subject'] as const)(
    'checks what any provider answers: %s',
    async (fault) => {
      const peer = await startOidcProvider({ algorithm: 'ES256' })
      try {
        peer.misbehave(fault)
        let page = ''
        const { result } = signIn(
          async (url) => {
            page = await (await fetch(url)).text()
          },
          { provider: oidc(peer) },
        )
        expect(await settled(result)).toMatch(/nonce|issuer_mismatch|subject_mismatch/)
        expect(page).toContain('the terminal says more')
      } finally {
        await peer.stop()
      }
    },
  )
})
