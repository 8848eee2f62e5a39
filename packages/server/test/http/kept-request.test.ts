import { sha256 } from '@doorward/core/crypto'
import { describe, expect, it } from 'vitest'
import { carriedBy, keepRequest, resumeRequest } from '../../src/http/kept-request.ts'
import { startServer } from '../endpoints/support/server.ts'

const form = new URLSearchParams({ client_id: 'a', state: 'a b&c' })

describe('kept requests', () => {
  it('come back as they were, at the endpoint that kept them', async () => {
    const { deps } = await startServer()
    const id = await keepRequest('authorize', form, { network: '192.0.2.7' }, deps)
    const query = new URLSearchParams({ dw_kept: id })
    expect((await resumeRequest('authorize', query, deps)).toString()).toBe(form.toString())
    await expect(resumeRequest('logout', query, deps)).rejects.toMatchObject({ reason: 'kept_request_gone' })
  })

  it('are stored under a hash of their id', async () => {
    const { deps } = await startServer()
    const id = await keepRequest('logout', form, { network: '192.0.2.7' }, deps)
    const { keptRequests } = deps.storage
    // @ts-expect-error The id itself is no hash; the row does not answer to it either.
    expect(await keptRequests.find(id, 'logout', deps.clock())).toBeNull()
    expect(await keptRequests.find(sha256(id), 'logout', deps.clock())).toMatchObject({
      form: form.toString(),
    })
  })

  it('of one network do not fill the table for all others', async () => {
    const { deps } = await startServer()
    const keep = () => keepRequest('logout', form, { network: '192.0.2.7' }, deps)
    await Promise.all(Array.from({ length: 1_000 }, keep))
    await expect(keep()).rejects.toMatchObject({
      reason: 'kept_requests_full',
      retryAfter: 300,
    })
    await keepRequest('logout', form, { network: '192.0.2.8' }, deps)
  })

  it('leave a request alone that names none', async () => {
    const { deps } = await startServer()
    expect(await resumeRequest('authorize', form, deps)).toBe(form)
  })
})

describe('carriedBy', () => {
  const kept = new URLSearchParams({ dw_kept: 'id' })

  it('carries a request by its parameters, and a long one by its id', () => {
    const long = new URLSearchParams({ state: 's'.repeat(5000) })
    expect(carriedBy(form, form)).toBe(form)
    expect(carriedBy(kept, form)).toBe(form)
    expect(carriedBy(long, long)).toBe(long)
    expect(carriedBy(kept, long).toString()).toBe('dw_kept=id')
  })
})
