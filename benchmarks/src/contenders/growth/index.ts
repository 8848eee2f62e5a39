import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { addToSqlite, sqliteDialect } from '../../growth/fill-sqlite.ts'
import { CODE_VERIFIER, codeText, liveCodes } from '../../growth/population.ts'
import { inTurn } from '../../load/in-turn.ts'
import type { PlainLoad, Plan } from '../../row.ts'
import { formHeaders } from '../token-work.ts'
import { requestOnce } from '../verify-token.ts'
import type { Work } from './server.ts'
import type { Store } from './store.ts'

const CHAINS = 64
const PEOPLE = 500

const refreshBody = 'grant_type=refresh_token'

async function refreshOnce(store: Store, url: string): Promise<Readonly<Record<string, unknown>>> {
  const body = `${refreshBody}&refresh_token=${store.takeTokens(1)[0]}`
  const headers = formHeaders(store.authorization)
  const answer = await requestOnce({ url: `${url}/oauth/token`, method: 'POST', headers, body })
  if (typeof answer.refresh_token !== 'string') throw new Error('no refresh token')
  return answer
}

/** Rotates the tokens of people all over the store. */
export const refreshing: Work = async (store, url, folder) => {
  const chains = join(folder, 'chains')
  return {
    load: {
      url: `${url}/oauth/token`,
      script: fileURLToPath(new URL('../../load/refresh.lua', import.meta.url)),
      args: [chains, store.authorization, refreshBody],
    },
    verify: async () => void (await refreshOnce(store, url)),
    prepare: async () => writeFileSync(chains, `${store.takeTokens(CHAINS).join('\n')}\n`),
  }
}

/** Redeems codes of people all over the store, made beforehand. */
export const redeeming: Work = async (store, url, folder) => {
  const file = join(folder, 'codes')
  const redirect = encodeURIComponent('https://app.example/callback')
  const rest = `grant_type=authorization_code&redirect_uri=${redirect}&code_verifier=${CODE_VERIFIER}`
  let made = 0
  const make = async ({ requests }: Pick<Plan, 'requests'>) => {
    const setting = { ...store.setting, now: Math.floor(Date.now() / 1000) }
    const first = setting.now * 100_000 + made
    made += requests
    addToSqlite(store.dataDir, liveCodes(store.scale, setting, sqliteDialect, { first, count: requests }))
    const codes = Array.from({ length: requests }, (_, at) => codeText(first, at, setting))
    writeFileSync(file, `${codes.join('\n')}\n`)
    return codes
  }
  return {
    load: {
      url: `${url}/oauth/token`,
      script: fileURLToPath(new URL('../../load/redeem.lua', import.meta.url)),
      args: [file, store.authorization, rest],
    },
    async verify() {
      const [code] = await make({ requests: 1 })
      const headers = formHeaders(store.authorization)
      const body = `${rest}&code=${code}`
      const answer = await requestOnce({ url: `${url}/oauth/token`, method: 'POST', headers, body })
      if (typeof answer.refresh_token !== 'string') throw new Error('no refresh token')
    },
    prepare: async (plan) => void (await make(plan)),
  }
}

/** The client's own token. */
export const clientCredentials: Work = async (store, url) => {
  const load: PlainLoad = {
    url: `${url}/oauth/token`,
    method: 'POST',
    headers: formHeaders(store.authorization),
    body: 'grant_type=client_credentials&scope=read',
  }
  return { load, verify: async () => void (await requestOnce(load)) }
}

/** The question after a new token of somebody. */
export async function introspectionOf(store: Store, url: string): Promise<PlainLoad> {
  const { access_token: token } = await refreshOnce(store, url)
  const headers = formHeaders(store.authorization)
  return { url: `${url}/oauth/introspect`, method: 'POST', headers, body: `token=${token}` }
}

/** Throws unless the token that is asked after lives. */
export async function checkActive(question: PlainLoad): Promise<void> {
  if ((await requestOnce(question)).active !== true) throw new Error('not active')
}

/** Asks after tokens of people all over the store, in turn. */
export const introspecting: Work = async (store, url) => {
  const loads: PlainLoad[] = []
  for (let made = 0; made < PEOPLE / 5; made += 1) loads.push(await introspectionOf(store, url))
  const verify = async () => {
    for (const question of loads) await checkActive(question)
  }
  return { load: inTurn(loads, { status: 200, body: '"active":true' }).load, verify }
}

/** Opens the account page of people all over the store, in turn. */
export const signedIn: Work = async (store, url) => {
  const loads = store
    .cookies(PEOPLE)
    .map((cookie) => ({ url: `${url}/account`, method: 'GET', headers: { Cookie: cookie } }) as const)
  const verify = async () => {
    const [first] = loads
    const response = await fetch(`${url}/account`, { headers: { ...first?.headers }, redirect: 'manual' })
    if (response.status !== 200) throw new Error(`the account page answers ${response.status}`)
  }
  return { load: inTurn(loads, { status: 200 }).load, verify }
}
