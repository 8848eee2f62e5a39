import { inTurn } from '../../load/in-turn.ts'
import { versionOf } from '../../packages.ts'
import type { Contender, PlainLoad, Running } from '../../row.ts'
import { startLocalServer } from '../local-server.ts'
import { AUDIENCE, startIssuer, type Tokens } from './issuer.ts'
import { type Api, greeting } from './servers/api.ts'

/** A guard in its framework, and the tokens it is shown. */
export type GuardSetup = {
  readonly name: string
  readonly kind: Contender['kind']
  readonly note: string
  /** The npm package whose version the report names, where `name` is none. */
  readonly package?: string
  /** File below `servers/`, without its ending. */
  readonly server: string
  readonly settings?: Partial<Api>
  /** How many different tokens come in turn. */
  readonly tokens: number
  /** The route under load: behind the guard, or the same without it. */
  readonly path: '/protected' | '/open'
}

/** An API with one guarded route; its load is different good tokens in turn. */
export function guardContender(setup: GuardSetup): Contender {
  const { name, kind, note, package: versioned } = setup
  const version = versioned === undefined ? {} : { version: () => versionOf(versioned) ?? 'unknown' }
  return { name, kind, note, ...version, start: (cpu) => start(setup, cpu) }
}

async function start({ server, settings, tokens, path }: GuardSetup, cpu: number): Promise<Running> {
  const issuer = await startIssuer(tokens)
  try {
    const { audience, scope } = AUDIENCE
    const keys = { issuer: issuer.url, jwksUri: `${issuer.url}/jwks` }
    const api: Api = { ...keys, audience, scope, cache: null, keys: 'jwks_uri', ...settings }
    const local = await startLocalServer(new URL(`./servers/${server}.ts`, import.meta.url), cpu, api)
    const requests = issuer.tokens.good.map((token) => requestWith(token, `${local.url}${path}`))
    const { load, remove } = inTurn(requests)
    const stop = async () => {
      await local.stop()
      await issuer.stop()
      remove()
    }
    return {
      pids: [local.pid],
      load,
      verify: () => checkGuard(`${local.url}/protected`, issuer.tokens),
      stop,
    }
  } catch (cause) {
    await issuer.stop()
    throw cause
  }
}

const requestWith = (token: string, url: string): PlainLoad => ({
  url,
  method: 'GET',
  headers: { Authorization: `Bearer ${token}` },
})

/** Throws unless the guard lets good tokens pass and turns each bad one away. */
async function checkGuard(url: string, { good, bad, withoutScope }: Tokens): Promise<void> {
  const [token = ''] = good
  const expected = JSON.stringify(greeting(AUDIENCE.email))
  const welcome = await answerTo(url, token)
  if (welcome.status !== 200 || welcome.body !== expected) {
    throw new Error(`a good token is answered ${welcome.status} ${welcome.body}`)
  }
  for (const [what, wrong] of Object.entries(bad)) {
    const { status } = await answerTo(url, wrong)
    if (status !== 401) throw new Error(`a token with a wrong ${what} is answered ${status}`)
  }
  const { status } = await answerTo(url, withoutScope)
  if (status !== 403) throw new Error(`a token without the scope is answered ${status}`)
}

async function answerTo(
  url: string,
  token: string,
): Promise<{ readonly status: number; readonly body: string }> {
  const response = await fetch(url, { headers: requestWith(token, url).headers })
  return { status: response.status, body: await response.text() }
}
