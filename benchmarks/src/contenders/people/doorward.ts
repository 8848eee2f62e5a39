import { type DoorwardServer, startDoorward } from '../doorward/server.ts'
import { resourceCommand } from '../doorward/set-up.ts'
import { WORK } from '../token-work.ts'
import { cookiesFrom, makePeople, type Person } from './index.ts'

/** Doorward with a crowd that can sign in, and the clients that the rows about people use. */
export type PeopleServer = DoorwardServer & {
  readonly people: readonly Person[]
  /** A trusted, first-party app without a secret. */
  readonly app: string
  /** A service with client_credentials. */
  readonly service: { readonly id: string; readonly secret: string }
}

/** Where codes for the app are sent. Nobody listens there. */
export const CALLBACK = 'https://app.example.com/callback'

/** What a sign-in form needs that came with its page. */
type SignInForm = { readonly page: Response; readonly csrf: string }

/** Starts `doorward start` with its defaults over a folder with fifty people in it. */
export async function startPeopleServer(cpu: number): Promise<PeopleServer> {
  const people = makePeople()
  const { server, filled } = await startDoorward(cpu, async ({ command }) => {
    const lines = people.map(({ name, email, password }) => JSON.stringify({ email, password, name }))
    await command(['users', 'import', '-'], lines.join('\n'))
    const create = ['clients', 'create', '--name']
    const grants = ['--grant', 'authorization_code', '--scope', 'openid', '--redirect-uri', CALLBACK]
    const app = await command([
      ...create,
      'App',
      '--auth-method',
      'none',
      '--first-party',
      '--trusted',
      ...grants,
    ])
    await command(resourceCommand('ES256'))
    const grant = ['--grant', 'client_credentials', '--scope', WORK.scope]
    const service = await command([...create, 'Service', ...grant])
    return { app, service }
  })
  const { app, service } = filled
  const { client_id: id, client_secret: secret } = service
  return {
    ...server,
    people,
    app: String(app.client_id),
    service: { id: String(id), secret: String(secret) },
  }
}

/** Opens the sign-in page in a new browser. */
export async function openSignInForm(issuer: string): Promise<SignInForm> {
  const page = await fetch(`${issuer}/login`)
  const csrf = (await page.text()).match(/name="csrf" value="([^"]+)"/)?.[1]
  if (csrf === undefined) throw new Error(`${issuer}/login has no form`)
  return { page, csrf }
}

/** Signs somebody in at the sign-in page, and answers the cookies of their browser. */
export async function signInAtPage(issuer: string, { email, password }: Person): Promise<string> {
  const { page, csrf } = await openSignInForm(issuer)
  const answer = await fetch(`${issuer}/login`, {
    method: 'POST',
    redirect: 'manual',
    headers: { Cookie: cookiesFrom([page]), Origin: issuer },
    body: new URLSearchParams({ email, password, csrf }),
  })
  if (answer.status !== 303) throw new Error(`${email} is not signed in: ${answer.status}`)
  return cookiesFrom([page, answer])
}
