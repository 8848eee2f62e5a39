import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { addToSqlite, sqliteDialect } from '../../growth/fill-sqlite.ts'
import { CODE_VERIFIER, codeText, liveCodes } from '../../growth/population.ts'
import { inTurn } from '../../load/in-turn.ts'
import type { Contender, PlainLoad, Plan, Running } from '../../row.ts'
import { temporaryFolder } from '../../temporary-folder.ts'
import { doorwardCommand } from '../doorward/command-line.ts'
import { startServerProcess } from '../server-process.ts'
import { formHeaders } from '../token-work.ts'
import { requestOnce } from '../verify-token.ts'
import { ISSUER, type Store, seededStore } from './store.ts'

const MILLION = 1_000_000
/** So few that all of it fits into the page cache of the database. */
const FEW = 5_000
const CHAINS = 128
const PEOPLE = 500
/** Nothing is swept while it is measured: what has expired is what makes the store large. */
const NEVER = { sweep: { intervalSeconds: 86_400 } }

/** What is asked of both stores: the load, what it is made from, and one answer to look at. */
type Work = (store: Store, url: string, folder: string) => Promise<Omit<Running, 'pids' | 'stop'>>

/** The same work in a store of a million users and ten million refresh tokens, and in a small one. */
export const inLargeStore = (work: Work): Contender => ({
  name: 'Doorward',
  kind: 'doorward',
  note: '`doorward start` on an embedded database of 1 million users, 2 million families and 10 million refresh tokens, nine in ten expired and none swept.',
  start: (cpu) => startOn(MILLION, work, cpu),
})

/** See {@link inLargeStore}. */
export const inSmallStore = (work: Work): Contender => ({
  name: 'small store',
  kind: 'baseline',
  note: 'The same server and the same kind of rows: 5,000 users and 50,000 refresh tokens, which fit into its cache.',
  start: (cpu) => startOn(FEW, work, cpu),
})

async function startOn(users: number, work: Work, cpu: number): Promise<Running> {
  const store = await seededStore(users)
  const folder = temporaryFolder('growth')
  const config = join(folder.path, 'config.json')
  writeFileSync(config, JSON.stringify(NEVER))
  const place = { flags: ['--data', store.dataDir], env: {}, remove: async () => {} }
  const flags = ['start', '--port', '0', '--issuer', ISSUER, '--config', config]
  const server = await startServerProcess({
    command: ['node', ...doorwardCommand(place, flags)],
    cpu,
    ready: /"port": ?(\d+)/,
  })
  const stop = async () => {
    await server.stop()
    folder.remove()
  }
  try {
    const running = await work(store, `http://localhost:${server.match[1]}`, folder.path)
    return { ...running, pids: [server.pid], stop }
  } catch (cause) {
    await stop()
    throw cause
  }
}

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
    const codes = Array.from({ length: requests }, (_, at) => codeText(first + at, setting))
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

/** Asks after tokens of people all over the store, in turn. */
export const introspecting: Work = async (store, url) => {
  const loads: PlainLoad[] = []
  for (let made = 0; made < PEOPLE / 5; made += 1) {
    const { access_token: token } = await refreshOnce(store, url)
    const headers = formHeaders(store.authorization)
    loads.push({ url: `${url}/oauth/introspect`, method: 'POST', headers, body: `token=${token}` })
  }
  const verify = async () => {
    const [first] = loads
    if (first === undefined || (await requestOnce(first)).active !== true) throw new Error('not active')
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
