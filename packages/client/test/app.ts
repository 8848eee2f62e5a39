import { randomBytes } from 'node:crypto'
import type { OidcStandIn } from '../../../tests/support/providers/oidc.ts'
import { type ClientError, type ClientOptions, createClient, oidc, type SignIn } from '../src/index.ts'
import { openBrowser, type TestBrowser } from './browser.ts'

export const BASE_URL = 'http://localhost:3000'

/** An app whose provider is a stand-in over real HTTP. */
export type TestApp = {
  readonly provider: OidcStandIn
  readonly signIn: SignIn
  /** What `onError` was told, in order. */
  readonly errors: readonly ClientError[]
  browser(): TestBrowser
}

/** The options that all of these apps share. */
export const optionsFor = (provider: OidcStandIn): ClientOptions => ({
  baseUrl: BASE_URL,
  secret: randomBytes(32).toString('base64url'),
  providers: [
    oidc({ issuer: provider.issuer, clientId: provider.clientId, clientSecret: provider.clientSecret }),
  ],
})

/** Makes an app for a stand-in that runs; `changes` are options in the place of the usual ones. */
export const appFor = (provider: OidcStandIn, changes: Partial<ClientOptions> = {}): TestApp => {
  const errors: ClientError[] = []
  const options: ClientOptions = {
    ...optionsFor(provider),
    onError: ({ error }) => {
      errors.push(error)
    },
    ...changes,
  }
  const signIn = createClient(options)
  return { provider, signIn, errors, browser: () => openBrowser(signIn, options.baseUrl) }
}
