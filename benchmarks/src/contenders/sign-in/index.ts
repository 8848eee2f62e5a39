import { createHash } from 'node:crypto'
import { inTurn, type Wanted } from '../../load/in-turn.ts'
import type { Contender, PlainLoad, Running } from '../../row.ts'
import { DOORWARD } from '../doorward/set-up.ts'
import { startLocalServer } from '../local-server.ts'
import { BETTER_AUTH_SETUP, startBetterAuth } from '../people/better-auth.ts'
import { openSignInForm, type PeopleServer, startPeopleServer } from '../people/doorward.ts'
import { cookiesFrom, makePeople, type Person } from '../people/index.ts'

/** Doorward’s sign-in page: the form is posted, and the answer opens a session. */
export const doorwardForm: Contender = {
  ...DOORWARD,
  start: (cpu) => startDoorwardSignIns(cpu, { requestsTo: formRequests, wanted: SIGNED_IN }),
}

/** A first-party app’s own form (OAuth 2.0 for First-Party Applications §5): the answer opens a session and holds a code. */
export const doorwardChallenge: Contender = {
  ...DOORWARD,
  start: (cpu) => startDoorwardSignIns(cpu, { requestsTo: challengeRequests, wanted: CODE }),
}

/** The hash alone. */
export const argonFloor: Contender = {
  name: 'floor',
  kind: 'floor',
  note: 'Bare node:http: one argon2id hash (19 MiB, two passes) of the same addon a request, one at a time a core. Nothing else.',
  start: startFloor,
}

/** better-auth’s sign-in, which opens a session as ours does. */
export const betterAuthSignIn: Contender = {
  name: 'better-auth',
  kind: 'peer',
  note: `POST sign-in/email of ${BETTER_AUTH_SETUP}; scrypt, its default.`,
  start: startBetterAuthSignIns,
}

/** The form sends on who signed in, and shows itself again to who did not. */
export const SIGNED_IN: Wanted = { status: 303, location: '/account$' }
const CODE: Wanted = { status: 200, body: '"authorization_code"' }

type SignIn = {
  readonly requestsTo: (server: PeopleServer) => Promise<readonly PlainLoad[]>
  readonly wanted: Wanted
}

async function startDoorwardSignIns(cpu: number, { requestsTo, wanted }: SignIn): Promise<Running> {
  const server = await startPeopleServer(cpu)
  try {
    const requests = await requestsTo(server)
    const { load, remove } = inTurn(requests, wanted)
    const stop = async () => {
      await server.stop()
      remove()
    }
    return { pids: [server.pid], load, verify: () => checkSignIn(requests, server.people), stop }
  } catch (cause) {
    await server.stop()
    throw cause
  }
}

/** Everybody posts the page’s form from a browser of their own. */
export async function formRequests({ issuer, people }: PeopleServer): Promise<readonly PlainLoad[]> {
  return Promise.all(
    people.map(async ({ email, password }): Promise<PlainLoad> => {
      const { page, csrf } = await openSignInForm(issuer)
      const headers = { Cookie: cookiesFrom([page]), Origin: issuer, 'Content-Type': FORM }
      const body = new URLSearchParams({ email, password, csrf }).toString()
      return { url: `${issuer}/login`, method: 'POST', headers, body }
    }),
  )
}

async function challengeRequests({ issuer, people, app }: PeopleServer): Promise<readonly PlainLoad[]> {
  const challenge = createHash('sha256').update('verifier').digest('base64url')
  const fixed = { client_id: app, scope: 'openid', code_challenge: challenge, code_challenge_method: 'S256' }
  return people.map(({ email, password }) => ({
    url: `${issuer}/oauth/authorize-challenge`,
    method: 'POST',
    headers: { 'Content-Type': FORM },
    body: new URLSearchParams({ ...fixed, email, password }).toString(),
  }))
}

async function startFloor(cpu: number): Promise<Running> {
  const people = makePeople()
  const server = await startLocalServer(new URL('./servers/argon2.ts', import.meta.url), cpu, people)
  return startJsonSignIns(`${server.url}/sign-in`, people, [server.pid], server.stop)
}

async function startBetterAuthSignIns(cpu: number): Promise<Running> {
  const server = await startBetterAuth(cpu, false)
  return startJsonSignIns(`${server.url}/api/auth/sign-in/email`, server.people, [server.pid], server.stop)
}

async function startJsonSignIns(
  url: string,
  people: readonly Person[],
  ...[pids, stopServer]: [readonly number[], () => Promise<void>]
): Promise<Running> {
  const requests = people.map(({ email, password }): PlainLoad => {
    const headers = { 'Content-Type': 'application/json', Origin: new URL(url).origin }
    return { url, method: 'POST', headers, body: JSON.stringify({ email, password }) }
  })
  const { load, remove } = inTurn(requests, { status: 200 })
  const stop = async () => {
    await stopServer()
    remove()
  }
  return { pids, load, verify: () => checkSignIn(requests, people), stop }
}

const FORM = 'application/x-www-form-urlencoded'

/** Throws unless the first request signs somebody in, and the same with a wrong password does not. */
async function checkSignIn([first]: readonly PlainLoad[], [person]: readonly Person[]): Promise<void> {
  if (first?.body === undefined || person === undefined) throw new Error('nobody signs in')
  const { url, method, headers, body } = first
  const post = (text: string) => fetch(url, { method, headers, body: text, redirect: 'manual' })
  const good = await post(body)
  if (good.status !== 200 && good.headers.getSetCookie().length === 0) {
    throw new Error(`a right password is answered ${good.status}: ${(await good.text()).slice(0, 300)}`)
  }
  const bad = await post(body.replace(person.password, 'not-the-password'))
  if (![400, 401].includes(bad.status)) throw new Error(`a wrong password is answered ${bad.status}`)
}
