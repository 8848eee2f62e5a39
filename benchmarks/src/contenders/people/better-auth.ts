import { join } from 'node:path'
import { temporaryFolder } from '../../temporary-folder.ts'
import { startLocalServer } from '../local-server.ts'
import type { BetterAuthSettings } from './better-auth-settings.ts'
import { cookiesFrom, makePeople, type Person } from './index.ts'

/** better-auth with the same crowd. */
export type BetterAuthServer = {
  readonly url: string
  readonly pid: number
  /** Everybody, with the cookies of a browser in which they signed up. */
  readonly people: readonly (Person & { readonly cookie: string })[]
  stop(): Promise<void>
}

/** Its setup in words, for the report. */
export const BETTER_AUTH_SETUP =
  'better-auth with node:sqlite on disk (WAL), e-mail and password, NODE_ENV=production, its rate limit off'

/** Starts it, and signs everybody up. */
export async function startBetterAuth(cpu: number, cookieCache: boolean): Promise<BetterAuthServer> {
  const folder = temporaryFolder('better-auth')
  const settings: BetterAuthSettings = { databaseFile: join(folder.path, 'auth.db'), cookieCache }
  const server = await startLocalServer(new URL('./servers/better-auth.ts', import.meta.url), cpu, settings)
  try {
    const people = await Promise.all(makePeople().map(async (person) => signUp(server.url, person)))
    const stop = async () => {
      await server.stop()
      folder.remove()
    }
    return { ...server, people, stop }
  } catch (cause) {
    await server.stop()
    throw cause
  }
}

async function signUp(url: string, person: Person): Promise<Person & { readonly cookie: string }> {
  const answer = await fetch(`${url}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: url },
    body: JSON.stringify(person),
  })
  if (answer.status !== 200) throw new Error(`sign-up answers ${answer.status}: ${await answer.text()}`)
  return { ...person, cookie: cookiesFrom([answer]) }
}
