import { parseClientMetadata } from '@doorward/core'
import { describe, expect, it } from 'vitest'
import { appView } from '../../src/pages/from-records.ts'

function client(metadata: Record<string, unknown>) {
  const parsed = parseClientMetadata({ redirect_uris: ['https://app.example.com/cb'], ...metadata })
  return { id: 'client-id', secretHash: null, metadata: parsed, createdAt: 0, updatedAt: 0 }
}

describe('appView', () => {
  it.each([
    ['https://app.example.com:8443/cb', 'app.example.com:8443'],
    ['http://127.0.0.1:51004/cb', '127.0.0.1:51004'],
    ['com.example.app:/cb', 'com.example.app'],
    [null, null],
  ])('names where %s leads: %s', (uri, host) => {
    expect(appView(client({}), uri).host).toBe(host)
  })

  it('falls back to the client id for a name', () => {
    expect(appView(client({}), null).name).toBe('client-id')
    expect(appView(client({ client_name: 'Orders' }), null).name).toBe('Orders')
  })

  it.each([
    [{}, false],
    [{ trusted: true }, true],
    [{ first_party: true }, true],
  ])('says who is vouched for: %j', (metadata, verified) => {
    expect(appView(client(metadata), null).verified).toBe(verified)
  })
})
