import { accountPage } from '../../src/pages/account.ts'
import { choosePage } from '../../src/pages/choose.ts'
import { connectionsPage, disconnectPage } from '../../src/pages/connections.ts'
import { consentPage } from '../../src/pages/consent.ts'
import { errorPage } from '../../src/pages/error.ts'
import { formPostPage } from '../../src/pages/form-post.ts'
import type { Html } from '../../src/pages/layout.ts'
import { leavingPage } from '../../src/pages/leaving.ts'
import { loggedOutPage, logoutPage } from '../../src/pages/logout.ts'
import { signInPage } from '../../src/pages/sign-in.ts'

import { upstreamErrorPage } from '../../src/pages/upstream-error.ts'
import type {
  AccountItem,
  AppView,
  ConnectionsView,
  ConsentView,
  DisconnectView,
  LinkedItem,
  PageFrame,
  ProviderLink,
  SignInView,
  UpstreamErrorView,
} from '../../src/pages/views.ts'

export const frame: PageFrame = {
  basePath: '',
  branding: {
    name: 'Doorward',
    logoUrl: null,
    accent: '#1f6f54',
    privacyUrl: 'https://example.com/privacy',
    helpUrl: 'https://example.com/help',
  },
  locale: 'en',
}

export const app: AppView = {
  name: 'Orders',
  host: 'orders.example.com',
  verified: false,
  homeUrl: 'https://orders.example.com',
  policyUrl: 'https://orders.example.com/privacy',
  termsUrl: 'https://orders.example.com/terms',
}

export const ada: AccountItem = {
  sid: 's1',
  email: 'ada@example.com',
  name: 'Ada Lovelace',
  signedInAt: 1_790_000_000,
  active: true,
}

const noName: AccountItem = {
  sid: 's2',
  email: 'a.very.long.address.that.keeps.going@subdomain.of.somewhere.example.com',
  name: null,
  signedInAt: 1_789_900_000,
  active: false,
}

export const form = { action: '/login?client_id=orders', csrf: 'csrf-value' }

export const signIn: SignInView = {
  form,
  app,
  email: '',
  problem: null,
  chooseHref: null,
  again: false,
  providers: [],
  unable: [],
  notice: null,
}

const provider = (id: string, name: string, brand: ProviderLink['brand'] = null): ProviderLink => ({
  id,
  name,
  brand,
  href: `/login/${id}?client_id=orders`,
})

const providers = [
  provider('google', 'Google', 'google'),
  provider('apple', 'Apple', 'apple'),
  provider('microsoft', 'Microsoft', 'microsoft'),
  provider('github', 'GitHub', 'github'),
  provider('acme', 'Acme Widgets and Company of North America'),
]

const twenty = [
  ...providers,
  provider('facebook', 'Facebook', 'facebook'),
  provider('gitlab', 'GitLab', 'gitlab'),
  provider('linkedin', 'LinkedIn', 'linkedin'),
  provider('slack', 'Slack', 'slack'),
  provider('x', 'X', 'x'),
  ...Array.from({ length: 10 }, (_, at) => provider(`p${at}`, `Provider ${at}`)),
]

const upstreamError: UpstreamErrorView = {
  title: 'Google cannot be reached',
  text: 'Google did not answer, or said that it has trouble. Nothing is wrong with your account.',
  next: 'Wait a moment and try again, or sign in another way.',
  retryHref: '/login/google?client_id=orders',
  back: { text: 'Sign in another way', href: '/login?client_id=orders' },
  reference: 'Yx3kQ0aZ',
  developer: {
    fix: 'No connection came about. Name its host and port in `allowPrivateHosts`.',
    code: 'provider_unreachable',
    explainedIn: 'docs/reference/client.md#provider_unreachable',
    provider: 'google',
    words: 'https://accounts.google.com',
  },
}

export const consent: ConsentView = {
  form,
  app,
  account: ada,
  chooseHref: '/login/choose?client_id=orders',
  groups: [
    {
      resource: null,
      resourceName: null,
      scopes: ['openid', 'profile', 'email', 'offline_access'],
      connections: [],
    },
    {
      resource: 'https://api.example.com',
      resourceName: 'Orders API',
      scopes: ['orders:read', 'orders:write', 'x-ray'],
      connections: [],
    },
  ],
  claims: [],
  problem: null,
}

export const linked: LinkedItem = {
  id: 'i_1',
  name: 'Google',
  brand: 'google',
  label: 'ada@example.com',
  linkedAt: 1_780_000_000,
  usedAt: 1_790_000_000,
  offered: true,
  disconnectHref: '/account/connections?disconnect=i_1',
}

export const connections: ConnectionsView = {
  form: { action: '/account/connections', csrf: 'csrf-value' },
  sid: 's1',
  email: 'ada@example.com',
  hasPassword: true,
  linked: [
    linked,
    { ...linked, id: 'i_2', name: 'id.example.com', brand: null, label: null, offered: false },
  ],
  free: [
    { id: 'github', name: 'GitHub', brand: 'github' },
    { id: 'acme', name: 'Acme', brand: null },
  ],
  notice: { kind: 'linked', provider: 'Google' },
  problem: null,
  accountHref: '/account',
}

export const disconnect: DisconnectView = {
  form: connections.form,
  sid: 's1',
  email: 'ada@example.com',
  item: linked,
  remaining: ['Password', 'GitHub (ada)'],
  cancelHref: '/account/connections',
}

/** One of every page and of every state that looks different, by name. */
export const samples: Readonly<Record<string, Html>> = {
  'sign-in': signInPage(frame, signIn),
  'sign-in-plain': signInPage(frame, { ...signIn, app: null }),
  'sign-in-refused': signInPage(frame, {
    ...signIn,
    email: 'ada@example.com',
    problem: { kind: 'refused', waitSeconds: null },
  }),
  'sign-in-throttled': signInPage(frame, {
    ...signIn,
    email: 'ada@example.com',
    problem: { kind: 'refused', waitSeconds: 480 },
  }),
  'sign-in-missing': signInPage(frame, {
    ...signIn,
    problem: { kind: 'missing', fields: ['email', 'password'] },
  }),
  'sign-in-stale': signInPage(frame, { ...signIn, problem: { kind: 'stale' } }),
  'sign-in-busy': signInPage(frame, { ...signIn, problem: { kind: 'busy', waitSeconds: 3 } }),
  'sign-in-again': signInPage(frame, {
    ...signIn,
    again: true,
    email: 'ada@example.com',
    chooseHref: '/login/choose?client_id=orders',
  }),
  'sign-in-providers': signInPage(frame, { ...signIn, providers }),
  'sign-in-many-providers': signInPage(frame, {
    ...signIn,
    providers: twenty,
    notice: { kind: 'denied', provider: 'Google' },
  }),
  'sign-in-providers-again': signInPage(frame, {
    ...signIn,
    again: true,
    email: 'ada@example.com',
    providers: providers.slice(4),
    unable: ['Google', 'Apple', 'GitHub'],
    notice: { kind: 'not_again', provider: 'Acme' },
  }),
  'upstream-error': upstreamErrorPage(frame, upstreamError),
  'upstream-refused': upstreamErrorPage(frame, {
    ...upstreamError,
    title: 'An account has this email already',
    retryHref: null,
  }),
  choose: choosePage(frame, { form, app, accounts: [ada, noName], problem: null }),
  'choose-missing': choosePage(frame, {
    form,
    app,
    accounts: [ada, noName],
    problem: { kind: 'missing', fields: ['account'] },
  }),
  consent: consentPage(frame, consent),
  'consent-verified': consentPage(frame, {
    ...consent,
    app: { ...app, verified: true, policyUrl: null },
    groups: [{ resource: null, resourceName: null, scopes: ['openid', 'email'], connections: [] }],
    claims: ['birthdate', 'locale', 'https://example.com/tier'],
    problem: { kind: 'missing', fields: ['decision'] },
  }),
  'consent-connections': consentPage(frame, {
    ...consent,
    groups: [{ resource: null, resourceName: null, scopes: ['openid'], connections: ['Google', 'GitHub'] }],
  }),
  logout: logoutPage(frame, { form, app, account: ada, problem: null }),
  'logout-unnamed': logoutPage(frame, { form, app: null, account: noName, problem: { kind: 'stale' } }),
  'logged-out': loggedOutPage(frame, { app, signInHref: '/login' }),
  'logged-out-anonymous': loggedOutPage(frame, { app: null, signInHref: '/login' }),
  account: accountPage(frame, { form, accounts: [ada], signInHref: '/login', ways: null, problem: null }),
  'account-several': accountPage(frame, {
    form,
    accounts: [ada, noName],
    signInHref: '/login',
    ways: { names: ['Password', 'Google (ada@example.com)'], href: '/account/connections' },
    problem: { kind: 'stale' },
  }),
  connections: connectionsPage(frame, connections),
  'disconnect-not-offered': disconnectPage(frame, {
    ...disconnect,
    item: { ...linked, name: 'id.example.com', brand: null, label: null, offered: false },
  }),
  'connections-none': connectionsPage(frame, {
    ...connections,
    hasPassword: true,
    linked: [],
    notice: { kind: 'disconnected', provider: 'Google' },
  }),
  'connections-last': connectionsPage(frame, {
    ...connections,
    hasPassword: false,
    linked: [{ ...linked, disconnectHref: null }],
    free: [],
    notice: { kind: 'last', provider: 'Google' },
  }),
  'connections-stale': connectionsPage(frame, {
    ...connections,
    free: [],
    notice: null,
    problem: { kind: 'stale' },
  }),
  disconnect: disconnectPage(frame, disconnect),
  leaving: leavingPage(frame, { provider: 'Google', href: '/elsewhere' }),
  error: errorPage(frame, {
    status: 400,
    description: 'The redirect URI is not one that this app has registered.',
    fix: 'The redirect_uri differs from every registered one. Register it, character by character.',
    reason: 'parameter_malformed',
    code: 'invalid_request',
    reference: 'k3f9-72ab',
  }),
  'error-internal': errorPage(frame, {
    status: 500,
    description: 'The request could not be completed.',
    fix: 'Something failed inside the server. Its log has the cause under the same reference.',
    reason: 'internal',
    code: 'server_error',
    reference: 'k3f9-72ab',
  }),
  'form-post': formPostPage(frame, {
    action: 'https://orders.example.com/callback',
    fields: [
      ['code', 'c0de'],
      ['state', 'st4te'],
      ['iss', 'https://id.example.com'],
    ],
    app,
  }),
}
