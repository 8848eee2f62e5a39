import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type ClientOptions, createClient, type FailureEvent, type SignIn } from '@doorward/client'
import { sqliteStore } from '@doorward/client/sqlite'
import express from 'express'
import { type Agent, createAgent, type Page } from './agent.ts'
import { listen } from './providers/http.ts'

export type SignInAppOptions = Pick<ClientOptions, 'providers'> & Partial<ClientOptions>

/** A web app that people sign in to with other providers: Express, with its sessions in SQLite. */
export type SignInApp = {
  readonly origin: string
  readonly signIn: SignIn
  /** What failed so far, as `onError` was told. */
  readonly failures: readonly FailureEvent[]
  /** How many rows each table of the store has. */
  rows(): Readonly<Record<string, number>>
  /** Everything the store has on disk. */
  dump(): Promise<string>
  stop(): Promise<void>
}

/** Options that need the app's own address, to be registered with a provider. */
export type OptionsFor = (origin: string) => Promise<SignInAppOptions>

/** Starts the app. `/` says who is signed in: the session as JSON, or null. */
export const startSignInApp = async (given: SignInAppOptions | OptionsFor): Promise<SignInApp> => {
  const folder = await mkdtemp(join(tmpdir(), 'doorward-sign-in-'))
  const file = join(folder, 'sessions.db')
  const store = sqliteStore({ file })
  const failures: FailureEvent[] = []
  const app = express()
  const { origin, close } = await listen(app)
  const options = typeof given === 'function' ? await given(origin) : given
  const signIn = createClient({
    baseUrl: origin,
    secret: randomBytes(32).toString('base64url'),
    store,
    onError: (failure) => {
      failures.push(failure)
    },
    ...options,
  })
  app.use(signIn.express())
  app.get('/', async (request, response) => {
    response.json(await signIn.getSession(request))
  })
  return {
    origin,
    signIn,
    failures,
    rows: () => countRows(file),
    dump: async () => {
      const files = await readdir(folder)
      const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'latin1')))
      return texts.join('\n')
    },
    stop: async () => {
      signIn.close()
      await close()
      await store.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const countRows = (file: string): Record<string, number> => {
  const database = new DatabaseSync(file)
  try {
    const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()
    return Object.fromEntries(
      tables.map(({ name }) => {
        const found = database.prepare(`SELECT count(*) AS rows FROM "${name}"`).get()
        return [String(name), Number(found?.rows)]
      }),
    )
  } finally {
    database.close()
  }
}

/** One way through a sign-in: the address that came back from the provider, and the last page of the app. */
export type Journey = { readonly agent: Agent; readonly callback: string | null; readonly page: Page }

/** From the app to the provider and back to the callback, which is not opened yet. */
export const untilCallback = async (app: SignInApp, provider: string, agent = createAgent()) => {
  const login = await agent.request(`${app.origin}/login/${provider}`)
  const there = agent.location(login)
  const back = there === null ? null : agent.location(await agent.request(there))
  return { agent, login, callback: back }
}

/** A whole sign-in by somebody whom the provider lets in at once. */
export const signInAt = async (app: SignInApp, provider: string, agent = createAgent()): Promise<Journey> => {
  const { login, callback } = await untilCallback(app, provider, agent)
  const page = callback === null ? login : await agent.open(callback)
  return { agent, callback, page }
}

/** The session that the app sees for this browser, or null. */
export const sessionOf = async (app: SignInApp, agent: Agent): Promise<Record<string, unknown> | null> =>
  JSON.parse((await agent.request(app.origin)).text)
