import { sha256 } from '@doorward/core/crypto'
import { describe, expect, it } from 'vitest'
import { carriedBy, keepRequest, resumeRequest } from '../../src/http/kept-request.ts'
import { startServer } from '../endpoints/support/server.ts'

const form = new URLSearchParams({ client_id: 'a', state: 'a b&c' })

describe('kept requests', () => {
  it('come back as they were, at the endpoint that kept them', async () => {
    const { deps } = await startServer()
    const id = await keepRequest('authorize', form, deps)
    const query = new URLSearchParams({ dw_kept: id })
    expect((await resumeRequest('authorize', query, deps)).toString()).toBe(form.toString())
    await expect(resumeRequest('logout', query, deps)).rejects.toMatchObject({ reason: 'kept_request_gone' })
  })

  it('are stored under a hash of their id', async () => {
    const { deps } = await startServer()
    const id = await keepRequest('logout', form, deps)
    const { keptRequests } = deps.storage
    expect(await keptRequests.find(id, 'logout', deps.clock())).toBeNull()
    expect(await keptRequests.find(sha256(id), 'logout', deps.clock())).toMatchObject({
      form: form.toString(),
    })
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
