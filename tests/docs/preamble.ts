import type * as client from '@doorward/client'
import type { Express } from 'express'

/** What a reader has before a block begins: the library's own names, an Express app, and the app's own functions. */
declare global {
  const createClient: typeof client.createClient
  const github: typeof client.github
  const google: typeof client.google
  const app: Express
  const signIn: client.SignIn
  const session: client.Session
  const store: client.ClientStore
  const secret: string
  const issuer: string
  const clientId: string
  const clientSecret: string
  /** Stands where a block has `…`. */
  const options: client.ClientOptions
  const directories: ReadonlySet<unknown>
  const log: { warn(entry: Readonly<Record<string, unknown>>): void }
  const db: {
    accounts: { find(account: Readonly<Record<string, string>>): Promise<{ userId: string } | null> }
  }
  function ordersOf(session: client.Session | undefined): readonly unknown[]
  function findOrCreate(provider: string, subject: string): Promise<string>
  function findOrCreateUser(provider: string, subject: string, user: client.User): Promise<string>
  function createUser(user: client.User): Promise<string>
}
