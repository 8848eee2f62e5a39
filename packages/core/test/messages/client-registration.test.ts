import { describe, expect, it } from 'vitest'
import { respondClient } from '../../src/messages/client-registration.ts'
import { exampleClient } from '../example-client.ts'

const client = { clientId: 'c', createdAt: 7, metadata: exampleClient({ client_name: 'Orders' }) }

describe('respondClient', () => {
  it('shows a new client with its secret, which never expires, RFC 7591 §3.2.1', () => {
    expect(respondClient({ ...client, clientSecret: 's' })).toMatchObject({
      client_id: 'c',
      client_secret: 's',
      client_secret_expires_at: 0,
      client_id_issued_at: 7,
      client_name: 'Orders',
      redirect_uris: ['https://app.example/cb'],
      token_endpoint_auth_method: 'client_secret_basic',
      scope: 'openid profile email offline_access',
    })
  })

  it('has no word of a secret where there is none to show', () => {
    const shown = respondClient({ ...client, clientSecret: null })
    expect(shown).not.toHaveProperty('client_secret')
    expect(shown).not.toHaveProperty('client_secret_expires_at')
  })
})
