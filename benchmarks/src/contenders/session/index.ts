import { createHash } from 'node:crypto'
import { inTurn, type Wanted } from '../../load/in-turn.ts'
import { versionOf } from '../../packages.ts'
import type { Contender, PlainLoad, Running } from '../../row.ts'
import { DOORWARD } from '../doorward/set-up.ts'
import { BETTER_AUTH_SETUP, startBetterAuth } from '../people/better-auth.ts'
import { CALLBACK, signInAtPage, startPeopleServer } from '../people/doorward.ts'

/** Doorward’s page for whoever is signed in. */
export const doorwardAccount: Contender = {
  ...DOORWARD,
  start: (cpu) => startDoorwardSessions(cpu, { path: () => '/account', wanted: ACCOUNT }),
}

/** Doorward asked by an app whether somebody is signed in (OpenID Connect Core §3.1.2.1): it answers with a code. */
export const doorwardPromptNone: Contender = {
  ...DOORWARD,
  note: `${DOORWARD.note} Each answer is a redirect with a new code, which is on disk before it is sent.`,
  start: (cpu) => startDoorwardSessions(cpu, { path: silentRequest, wanted: CODE }),
}

/** better-auth’s session check, which asks the database. */
export const betterAuthSession: Contender = {
  name: 'better-auth',
  kind: 'peer',
  note: `GET get-session of ${BETTER_AUTH_SETUP}.`,
  start: (cpu) => startBetterAuthSessions(cpu, false),
}

/** The same with its cookie cache: no look at the database for five minutes, so a session that ended goes on. */
export const betterAuthCookieCache: Contender = {
  name: 'better-auth, cookie cache',
  version: () => versionOf('better-auth') ?? 'unknown',
  kind: 'peer',
  note: 'The same with `cookieCache`: for five minutes it believes a signed cookie and does not look whether the session has ended.',
  start: (cpu) => startBetterAuthSessions(cpu, true),
}

/** The page names who is signed in; a stranger is sent away. */
const ACCOUNT: Wanted = { status: 200, body: 'person%-%d+@example%.com' }
const CODE: Wanted = { status: 303, location: '[?&]code=' }
/** better-auth answers 200 to a stranger too, but without a user. */
const USER: Wanted = { status: 200, body: '"email"' }

type Check = { readonly path: (app: string) => string; readonly wanted: Wanted }

async function startDoorwardSessions(cpu: number, { path, wanted }: Check): Promise<Running> {
  const server = await startPeopleServer(cpu)
  try {
    const { issuer, people, app } = server
    const cookies = await Promise.all(people.map((person) => signInAtPage(issuer, person)))
    const url = `${issuer}${path(app)}`
    const { load, remove } = inTurn(
      cookies.map((cookie) => requestWith(url, cookie, issuer)),
      wanted,
    )
    const stop = async () => {
      await server.stop()
      remove()
    }
    const [cookie = ''] = cookies
    const verify = () => (wanted === ACCOUNT ? checkAccount(url, cookie) : checkSilent(url, cookie))
    return { pids: [server.pid], load, verify, stop }
  } catch (cause) {
    await server.stop()
    throw cause
  }
}

async function startBetterAuthSessions(cpu: number, cookieCache: boolean): Promise<Running> {
  const server = await startBetterAuth(cpu, cookieCache)
  const url = `${server.url}/api/auth/get-session`
  const { load, remove } = inTurn(
    server.people.map(({ cookie }) => requestWith(url, cookie, server.url)),
    USER,
  )
  const stop = async () => {
    await server.stop()
    remove()
  }
  const verify = async () => {
    const [person] = server.people
    const signedIn = await askSession(url, person?.cookie ?? '')
    if (signedIn?.user.email !== person?.email)
      throw new Error(`get-session says ${JSON.stringify(signedIn)}`)
    const stranger = await askSession(url, '')
    if (stranger !== null) throw new Error(`get-session of a stranger says ${JSON.stringify(stranger)}`)
  }
  return { pids: [server.pid], load, verify, stop }
}

const requestWith = (url: string, cookie: string, origin: string): PlainLoad => ({
  url,
  method: 'GET',
  headers: { Cookie: cookie, Accept: '*/*', Referer: `${origin}/` },
})

/** Throws unless the page greets who is signed in, and sends a stranger to the sign-in page. */
async function checkAccount(url: string, cookie: string): Promise<void> {
  const page = await fetch(url, { headers: { Cookie: cookie }, redirect: 'manual' })
  if (page.status !== 200 || !(await page.text()).includes('person-0@example.com')) {
    throw new Error(`${url} answers ${page.status} and names nobody`)
  }
  const stranger = await fetch(url, { redirect: 'manual' })
  const location = stranger.headers.get('location')
  if (location !== '/login') throw new Error(`a stranger is sent to ${location}`)
}

/** Throws unless who is signed in gets a code, and a stranger `login_required`. */
async function checkSilent(url: string, cookie: string): Promise<void> {
  const answers = await Promise.all(
    [{ Cookie: cookie }, {}].map((headers) => fetch(url, { headers, redirect: 'manual' })),
  )
  const [signedIn, stranger] = answers.map(
    ({ headers }) => new URL(headers.get('location') ?? 'none:').searchParams,
  )
  if (!signedIn?.has('code')) throw new Error(`somebody signed in gets ${signedIn}`)
  if (stranger?.get('error') !== 'login_required') throw new Error(`a stranger gets ${stranger}`)
}

function silentRequest(app: string): string {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: app,
    redirect_uri: CALLBACK,
    scope: 'openid',
    state: 'state-of-the-benchmark',
    nonce: 'nonce-of-the-benchmark',
    code_challenge: createHash('sha256').update('verifier').digest('base64url'),
    code_challenge_method: 'S256',
    prompt: 'none',
  })
  return `/oauth/authorize?${query}`
}

type SessionAnswer = { readonly user: { readonly email: string } } | null

async function askSession(url: string, cookie: string): Promise<SessionAnswer> {
  const answer = await fetch(url, { headers: { Cookie: cookie } })
  return (await answer.json()) as SessionAnswer
}
