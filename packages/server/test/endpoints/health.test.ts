import { expect, it } from 'vitest'
import { createHealthEndpoint, createReadinessEndpoint } from '../../src/endpoints/health.ts'
import { createInbound } from '../../src/http/inbound.ts'
import { trustedProxies } from '../../src/http/proxy.ts'
import { fetchRequest } from '../../src/mounting/fetch.ts'
import { StorageError } from '../../src/storage/storage-error.ts'
import { ISSUER, startServer } from './support/server.ts'
import { get } from './support/token.ts'

const settings = { proxies: trustedProxies([]), bodyBytes: 1 }
const inbound = createInbound(fetchRequest(new Request(ISSUER), { peer: '' }), '/', settings)

it('a server with keys and a database is healthy and ready', async () => {
  const server = await startServer()
  expect(await get(server, '/healthz')).toMatchObject({ status: 200, body: { status: 'ok' } })
  expect(await get(server, '/readyz')).toMatchObject({ status: 200, body: { status: 'ready' } })
})

it('without its database it stays healthy and is not ready: 503 with Retry-After', async () => {
  const { deps } = await startServer()
  const ping = () => Promise.reject(new StorageError('unavailable', 'The database is away.'))
  const storage = { ...deps.storage, maintenance: { ...deps.storage.maintenance, ping } }
  const response = await createReadinessEndpoint({ ...deps, storage })(inbound)
  expect([response.status, response.headers['Retry-After']]).toEqual([503, '5'])
  expect((await createHealthEndpoint()(inbound)).status).toBe(200)
})

it('without keys it is not ready', async () => {
  const { deps } = await startServer()
  const { keyring: real } = deps
  const keyring = { signer: real.signer, jwks: real.jwks, verificationKeys: () => [] }
  expect((await createReadinessEndpoint({ ...deps, keyring })(inbound)).status).toBe(503)
})
