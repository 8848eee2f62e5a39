import { type Claims, oauth2, oidc, type Profile, type Quirks } from '@doorward/client'
import { afterEach, describe, expect, it } from 'vitest'
import { type OidcStandIn, startOidcProvider } from '../support/providers/oidc.ts'
import type { StandInOptions } from '../support/providers/state.ts'
import { type SignInApp, sessionOf, signInAt, startSignInApp } from '../support/sign-in-app.ts'

const stops: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

const startStandIn = async (options: StandInOptions): Promise<OidcStandIn> => {
  const provider = await startOidcProvider({ algorithm: 'ES256', ...options })
  stops.push(provider.stop)
  return provider
}

const startApp = async (options: Parameters<typeof startSignInApp>[0]): Promise<SignInApp> => {
  const app = await startSignInApp(options)
  stops.push(app.stop)
  return app
}

const profile = ({ userinfo }: { userinfo: Claims }): Profile => {
  const { owner } = userinfo
  const told = JSON.stringify(owner ?? userinfo)
  const subject = /"sub":"(\d+)"/.exec(told)?.[1] ?? ''
  return { subject, email: null, emailVerified: false, name: null, picture: null }
}

/** Signs in at a provider that insists on `quirks`, with a client that knows of `known`. */
const signInWith = async (quirks: Quirks, known: Quirks, protocol: 'oidc' | 'oauth2') => {
  const { issuer, clientId, clientSecret } = await startStandIn({ quirks })
  const endpoints = {
    authorization: `${issuer}/authorize`,
    token: `${issuer}/token`,
    userinfo: `${issuer}/userinfo`,
  }
  const own = { id: 'peer', name: 'Peer', clientId, clientSecret, quirks: known }
  const scopes: string[] = []
  const app = await startApp({
    providers: [
      protocol === 'oidc'
        ? oidc({ ...own, issuer, scope: 'openid profile email' })
        : oauth2({ ...own, endpoints, scope: 'profile email', profile }),
    ],
    onSignIn: ({ tokens }) => {
      scopes.push(tokens.scope)
    },
  })
  const { agent } = await signInAt(app, 'peer')
  const session = await sessionOf(app, agent)
  const codes = app.failures.map(({ error }) => error.code)
  return { signedIn: session !== null, codes, scope: scopes[0] }
}

describe('a provider with a quirk', () => {
  it.each([
    { quirks: { commaScopes: true }, protocol: 'oauth2', without: [] },
    { quirks: { rawBasic: true }, protocol: 'oauth2', without: ['client_rejected'] },
    { quirks: { jsonTokenRequest: true }, protocol: 'oauth2', without: ['token_request_refused'] },
    { quirks: { userinfoPost: true }, protocol: 'oauth2', without: ['userinfo_refused'] },
    { quirks: { userinfoInTokenAnswer: true }, protocol: 'oauth2', without: null },
    { quirks: { noNonce: true }, protocol: 'oidc', without: ['id_token_nonce'] },
    { quirks: { hs256IdToken: true }, protocol: 'oidc', without: ['id_token_algorithm'] },
  ] as const)('$quirks: is signed in with where the flag is set, and refused where not', async (one) => {
    const { quirks, protocol, without } = one
    expect(await signInWith(quirks, quirks, protocol)).toMatchObject({ signedIn: true, codes: [] })
    if (without === null) return
    expect(await signInWith(quirks, {}, protocol)).toMatchObject({ signedIn: false, codes: without })
  })

  it.each([{ scopeList: true }, { commaScopesInAnswer: true }] as const)(
    '%o: its scopes are separated by spaces like everybody’s',
    async (quirks) => {
      expect(await signInWith(quirks, quirks, 'oauth2')).toMatchObject({ codes: [], scope: 'profile email' })
    },
  )

  it('errorsIn200: its refusals keep their causes', async () => {
    const provider = await startStandIn({ quirks: { errorsIn200: true } })
    const { issuer, clientId, clientSecret } = provider
    const quirks = { errorsIn200: true } as const
    const app = await startApp({ providers: [oidc({ issuer, clientId, clientSecret, quirks })] })
    for (const [fault, code] of [
      ['invalid-client', 'client_rejected'],
      ['invalid-grant', 'code_refused'],
      ['redirect-uri-mismatch', 'redirect_uri_mismatch'],
    ] as const) {
      provider.misbehave(fault)
      await signInAt(app, 'oidc')
      expect(app.failures.at(-1)?.error.code).toBe(code)
    }
  })
})

describe('a key set that says whose its keys are', () => {
  const codesWith = async (keyIssuer: (address: string) => string) => {
    const { issuer, clientId, clientSecret } = await startStandIn({ keyIssuer })
    const app = await startApp({ providers: [oidc({ issuer, clientId, clientSecret })] })
    await signInAt(app, 'oidc')
    return app.failures.map(({ error }) => error.code)
  }

  it('is believed at any provider: a key of somebody else signs nothing here', async () => {
    expect(await codesWith((address) => address)).toEqual([])
    expect(await codesWith((address) => `${address}/another`)).toEqual(['id_token_issuer'])
    // A template needs the token's tid, which is not there.
    expect(await codesWith((address) => `${address}/{tenantid}`)).toEqual(['id_token_issuer'])
  })
})

describe('an issuer for many directories, as Microsoft Entra ID has it', () => {
  const tid = '9122040d-6c67-4c5b-b112-36a304b66dad'
  const user = { sub: 'AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ', tid, name: 'Abe Lincoln' }
  const start = async (
    quirks: Quirks,
    person: Readonly<Record<string, unknown>> = user,
    keyOf = '{tenantid}',
  ) => {
    const keyIssuer = (address: string) => `${address}/${keyOf}/v2.0`
    const provider = await startStandIn({ quirks: { issuerTemplate: true }, user: person, keyIssuer })
    const { clientId, clientSecret } = provider
    const issuer = `${provider.issuer}/common/v2.0`
    return startApp({ providers: [oidc({ issuer, clientId, clientSecret, quirks })] })
  }
  const codesAfterSignIn = async (app: SignInApp) => {
    const { agent } = await signInAt(app, 'oidc')
    const session = await sessionOf(app, agent)
    return { signedIn: session !== null, codes: app.failures.map(({ error }) => error.code) }
  }

  it('takes an ID token whose issuer has its own tid in the place of {tenantid}', async () => {
    const app = await start({ issuerTemplate: true })
    expect(await codesAfterSignIn(app)).toEqual({ signedIn: true, codes: [] })
  })

  it.each([tid, '{tenantid}'])('takes a key that is said to be of %s', async (keyOf) => {
    const app = await start({ issuerTemplate: true }, user, keyOf)
    expect(await codesAfterSignIn(app)).toEqual({ signedIn: true, codes: [] })
  })

  it('refuses an ID token that the key of another directory signed', async () => {
    const another = '9188040d-6c67-4c5b-b112-36a304b66dad'
    const app = await start({ issuerTemplate: true }, user, another)
    expect(await codesAfterSignIn(app)).toEqual({ signedIn: false, codes: ['id_token_issuer'] })
    expect(app.failures[0]?.error.detail).toContain(another)
  })

  it('is no issuer at all for a provider without the quirk', async () => {
    const app = await start({})
    expect(await codesAfterSignIn(app)).toEqual({ signedIn: false, codes: ['discovery_issuer_mismatch'] })
  })

  it.each([{ tid: undefined }, { tid: '../../evil' }, { tid: '' }])(
    'refuses an ID token with the tid $tid',
    async ({ tid: wrong }) => {
      const app = await start({ issuerTemplate: true }, { ...user, tid: wrong })
      expect(await codesAfterSignIn(app)).toEqual({ signedIn: false, codes: ['id_token_issuer'] })
    },
  )
})
