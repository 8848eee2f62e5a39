import { describe, expect, it } from 'vitest'
import { createGuard, createOptionalGuard, type Rejection } from '../src/guard.ts'
import { createVerifier } from '../src/index.ts'
import type { GuardOptions } from '../src/options.ts'
import { AUDIENCE, createTestIssuer, ISSUER } from './issuer.ts'

const issuer = createTestIssuer()
const base = { issuer: ISSUER, audience: AUDIENCE, fetch: issuer.fetch, clock: issuer.clock }
const facts = (authorization: string | null, url = '/orders?page=2') => ({
  authorization,
  repeated: false,
  method: 'GET',
  url,
})
const statusOf = async (options: Partial<GuardOptions>, authorization: string | null): Promise<number> => {
  const outcome = await createGuard({ ...base, ...options })(facts(authorization))
  return outcome.answer?.status ?? 200
}

describe('requireToken', () => {
  it('asks for a good token that allows enough, in this order', async () => {
    const good = `Bearer ${issuer.mint()}`
    expect(await statusOf({}, null)).toBe(401)
    expect(await statusOf({}, 'Bearer x')).toBe(401)
    expect(await statusOf({}, good)).toBe(200)
    expect(await statusOf({ scope: 'read', role: 'member', permission: 'orders:write' }, good)).toBe(200)
    expect(await statusOf({ scope: 'read admin' }, good)).toBe(403)
    expect(await statusOf({ role: ['member', 'admin'] }, good)).toBe(403)
    expect(await statusOf({ permission: 'orders:delete' }, good)).toBe(403)
    expect(await statusOf({ permission: 'orders:delete' }, 'Bearer x')).toBe(401)
  })

  it('shares keys and memory between routes that share a verifier', async () => {
    const own = createTestIssuer()
    const verifier = createVerifier({ ...base, fetch: own.fetch, clock: own.clock })
    const token = `Bearer ${own.mint()}`
    const first = await createGuard({ verifier })(facts(token))
    const second = await createGuard({ verifier, scope: 'read' })(facts(token))
    expect(second.auth).toBe(first.auth)
    expect(own.asked).toHaveLength(2)
  })
})

describe('optionalToken', () => {
  const guard = createOptionalGuard({ ...base, scope: 'read' })

  it('lets a request without a token pass as nobody', async () => {
    expect(await guard(facts(null))).toEqual({ auth: null, answer: null })
    expect(await guard(facts('Basic dTpw'))).toEqual({ auth: null, answer: null })
  })

  it('still wants a token that is there to be good, to be enough, and to be in its place', async () => {
    expect((await guard(facts(`Bearer ${issuer.mint()}`))).auth?.subject).toBe('u_1')
    expect((await guard(facts('Bearer x'))).answer?.status).toBe(401)
    expect((await guard(facts('Bearer'))).answer?.status).toBe(400)
    expect((await guard(facts(`Bearer ${issuer.mint({ scope: 'write' })}`))).answer?.status).toBe(403)
    expect((await guard(facts(null, '/orders?access_token=x'))).answer?.status).toBe(400)
  })
})

describe('onRejected', () => {
  it('is told cause, method and path, never the token nor the query', async () => {
    const told: Rejection[] = []
    const guard = createGuard({ ...base, onRejected: (rejection) => told.push(rejection) })
    const token = issuer.mint({ exp: 1 })
    await guard(facts(`Bearer ${token}`, '/orders?access=secret'))
    await guard(facts(null, 'https://api.example/orders?x=secret'))
    await guard(facts(null, '//evil.example/orders?access_token=secret'))
    expect(told).toMatchObject([
      { status: 401, error: 'invalid_token', reason: 'token_expired', method: 'GET', path: '/orders' },
      { status: 401, error: null, reason: 'token_missing', path: '/orders', cause: null },
      { status: 400, error: 'invalid_request', reason: 'token_in_query' },
    ])
    const written = told.map((rejection) => `${JSON.stringify(rejection)} ${String(rejection.cause)}`).join()
    for (const part of [...token.split('.'), 'secret']) expect(written).not.toContain(part)
  })

  it('cannot break the answer, whatever it throws', async () => {
    const onRejected = () => {
      throw new Error('the log is full')
    }
    expect(await statusOf({ onRejected }, null)).toBe(401)
  })

  it('is not told of what passes', async () => {
    const told: Rejection[] = []
    const onRejected = (rejection: Rejection) => told.push(rejection)
    expect(await statusOf({ onRejected }, `Bearer ${issuer.mint()}`)).toBe(200)
    expect(told).toEqual([])
  })
})

it('no answer repeats what was sent, for any refusal', async () => {
  const guard = createGuard({ ...base, scope: 'admin' })
  const tokens = [
    issuer.mint(),
    issuer.mint({ exp: 1 }),
    issuer.mint({ iss: 'https://e.example' }),
    'aaaa.bbbb.cccc',
  ]
  for (const token of tokens) {
    const { answer } = await guard(facts(`Bearer ${token}`))
    for (const part of token.split('.')) expect(JSON.stringify(answer)).not.toContain(part)
  }
})
