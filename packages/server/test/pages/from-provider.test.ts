import { github, oidc } from '@doorward/client/providers'
import { describe, expect, it } from 'vitest'
import { providerItem } from '../../src/pages/from-provider.ts'

const registered = { clientId: 'c', clientSecret: 's' }
const at = (issuer: string) => oidc({ ...registered, id: 'own', name: 'Own', issuer })

describe('providerItem', () => {
  it.each([
    ['by the id that the library gives', github(registered), 'github'],
    ['under another id by where it is', { ...github(registered), id: 'code' }, 'github'],
    ['by its issuer', at('https://accounts.google.com'), 'google'],
    ['not where the host only looks like it', at('https://accounts.google.com.evil.example'), null],
    ['not where nobody drew one', at('https://id.acme.example'), null],
    ['not by what every object has', { ...at('https://id.acme.example'), id: 'constructor' }, null],
  ] as const)('has the mark of a provider %s', (_, provider, brand) => {
    expect(providerItem(provider)).toEqual({ id: provider.id, name: provider.name, brand })
  })
})
