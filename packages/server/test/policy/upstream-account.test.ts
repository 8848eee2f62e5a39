import { github, google, microsoft, oauth2 } from '@doorward/client/providers'
import { describe, expect, it } from 'vitest'
import {
  type AdmissionFacts,
  authorityOf,
  decideAdmission,
  providerOf,
} from '../../src/policy/upstream-account.ts'
import { anIdentity, aUser } from '../storage/contract/samples.ts'

const email = 'ada@example.com'
const verified = aUser({ email })
const unverified = aUser({ email, emailVerified: false })
const disabled = { disabledAt: 1 }

const decide = (facts: Partial<AdmissionFacts>) => {
  const verdict = decideAdmission({
    known: null,
    email,
    emailProven: true,
    local: null,
    registration: 'open',
    ...facts,
  })
  return verdict.kind === 'refused' ? verdict.cause : verdict.kind
}

describe('decideAdmission', () => {
  const closed = { registration: 'closed' } as const
  const unproven = { emailProven: false }
  const nowhere = { email: null, emailProven: false }
  it.each<[string, Partial<AdmissionFacts>, string]>([
    ['a known subject is its account', { known: verified }, 'known'],
    ['… though registration is closed', { known: verified, ...closed }, 'known'],
    ['… though the provider names no e-mail', { known: verified, ...nowhere }, 'known'],
    ['… though another account has the e-mail now', { known: aUser(), local: verified }, 'known'],
    ['… unless it is disabled', { known: aUser(disabled) }, 'user_disabled'],
    ['an address proven on both sides links', { local: verified }, 'linked'],
    ['… though registration is closed', { local: verified, ...closed }, 'linked'],
    ['… unless the account is disabled', { local: aUser({ email, ...disabled }) }, 'user_disabled'],
    ['an account nobody has proven goes to the proven owner', { local: unverified }, 'reclaimed'],
    ['… though registration is closed', { local: unverified, ...closed }, 'reclaimed'],
    ['… unless it is disabled', { local: { ...unverified, ...disabled } }, 'user_disabled'],
    ['an address the provider has not proven never links', { local: verified, ...unproven }, 'email_in_use'],
    ['… nor reclaims', { local: unverified, ...unproven }, 'email_in_use'],
    [
      '… and a closed server does not tell that there is one',
      { local: verified, ...unproven, ...closed },
      'registration_closed',
    ],
    ['a free address makes an account', {}, 'created'],
    ['… proven or not', unproven, 'created'],
    ['… unless registration is closed', closed, 'registration_closed'],
    ['without an address there is no account', nowhere, 'email_missing'],
    ['… and none on a closed server', { ...nowhere, ...closed }, 'registration_closed'],
  ])('%s', (_, facts, verdict) => {
    expect(decide(facts)).toBe(verdict)
  })
})

const keys = { clientId: 'c', clientSecret: 's' }
const acme = oauth2({
  ...keys,
  id: 'acme',
  name: 'Acme',
  scope: 'me',
  endpoints: { authorization: 'https://acme.example/authorize', token: 'https://api.acme.example/v1/token' },
  profile: () => ({ subject: '', email: null, emailVerified: false, name: null, picture: null }),
})

describe('authorityOf', () => {
  it.each([
    [
      'the issuer that was verified',
      microsoft(keys),
      'https://login.microsoftonline.com/t/v2.0',
      'https://login.microsoftonline.com/t/v2.0',
    ],
    ['the issuer of the settings', google(keys), null, 'https://accounts.google.com'],
    ['the origin of the token endpoint', acme, null, 'https://api.acme.example'],
  ])('is %s', (_, provider, issuer, authority) => {
    expect(authorityOf(provider, issuer)).toBe(authority)
  })
})

describe('providerOf', () => {
  const ofGoogle = { authority: 'https://accounts.google.com', provider: 'google' }
  const tenant = { authority: 'https://login.microsoftonline.com/t/v2.0', provider: 'microsoft' }
  it.each([
    ['the provider of that id', ofGoogle, [github(keys), google(keys)], 'google'],
    ['the same provider under another id', ofGoogle, [google({ ...keys, id: 'work' })], 'work'],
    ['the one last used of two', ofGoogle, [google({ ...keys, id: 'work' }), google(keys)], 'google'],
    ['nobody where the id points elsewhere now', ofGoogle, [github({ ...keys, id: 'google' })], null],
    ['nobody where it is not configured any more', ofGoogle, [github(keys)], null],
    ['the provider of any tenant by its id', tenant, [microsoft(keys)], 'microsoft'],
    [
      'nobody where the id is that of all tenants now',
      ofGoogle,
      [microsoft({ ...keys, id: 'google' })],
      null,
    ],
    [
      'nobody for a tenant that is not the configured one',
      tenant,
      [microsoft({ ...keys, tenant: '11111111-2222-3333-4444-555555555555' })],
      null,
    ],
  ])('is %s', (_, own, providers, id) => {
    expect(providerOf(anIdentity('u', own), providers)?.id ?? null).toBe(id)
  })
})
