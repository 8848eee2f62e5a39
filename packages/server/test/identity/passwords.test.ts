import { availableParallelism } from 'node:os'
import { OAuthError } from '@doorward/core'
import { describe, expect, it } from 'vitest'
import { createPasswords, hashesAtOnce } from '../../src/identity/passwords.ts'
import { parsePhc } from '../../src/identity/phc.ts'

const cheap = { memoryKiB: 64, passes: 1, lanes: 1, concurrency: 1, queue: 2 }

describe('createPasswords', () => {
  it('hashes as argon2id in PHC form, RFC 9106', async () => {
    const passwords = createPasswords(cheap)
    const hash = await passwords.hash('correct horse battery')
    expect(parsePhc(hash)).toEqual({ memoryKiB: 64, passes: 1, lanes: 1 })
    expect(await passwords.verify(hash, 'correct horse battery')).toBe('match')
    expect(await passwords.verify(hash, 'correct horse batterx')).toBe('mismatch')
  })

  it('knows a password in every spelling of Unicode', async () => {
    const passwords = createPasswords(cheap)
    const hash = await passwords.hash('pa\u0301ssword of mine')
    expect(await passwords.verify(hash, 'p\u00e1ssword of mine')).toBe('match')
  })

  it('verifies an unknown account against a decoy that nothing matches', async () => {
    const passwords = createPasswords(cheap)
    for (const password of ['', 'password', 'correct horse battery']) {
      expect(await passwords.verify(null, password)).toBe('mismatch')
    }
  })

  it('asks the gate when its turn comes, and hashes nothing where it says no', async () => {
    const passwords = createPasswords(cheap)
    const order: string[] = []
    const first = Promise.withResolvers<boolean>()
    const verdicts = [
      passwords.verify(null, 'a', () => {
        order.push('first')
        return first.promise
      }),
      passwords.verify(null, 'b', async () => {
        order.push('second')
        return false
      }),
    ]
    expect(order).toEqual(['first'])
    first.resolve(true)
    expect(await Promise.all(verdicts)).toEqual(['mismatch', 'gated'])
    expect(order).toEqual(['first', 'second'])
  })

  it('answers temporarily_unavailable with Retry-After when too many wait', async () => {
    const passwords = createPasswords(cheap)
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => passwords.verify(null, 'a')))
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
    expect(refused).toHaveLength(2)
    for (const error of refused) {
      expect(error).toBeInstanceOf(OAuthError)
      expect(error).toMatchObject({
        code: 'temporarily_unavailable',
        reason: 'passwords_busy',
        retryAfter: 2,
      })
    }
  })

  it("wants a new hash where the cost or the kind is not today's", async () => {
    const hash = await createPasswords(cheap).hash('correct horse battery')
    expect(createPasswords(cheap).needsRehash(hash)).toBe(false)
    expect(createPasswords({ ...cheap, passes: 2 }).needsRehash(hash)).toBe(true)
    expect(createPasswords({ ...cheap, memoryKiB: 128 }).needsRehash(hash)).toBe(true)
    expect(createPasswords(cheap).needsRehash(hash.replace('argon2id', 'argon2i'))).toBe(true)
  })
})

describe('hashesAtOnce', () => {
  it('shares the cores among processes, one each at least, four each at most', () => {
    const cores = availableParallelism()
    expect(hashesAtOnce(1)).toBe(Math.min(cores, 4))
    expect(hashesAtOnce(cores)).toBe(1)
    expect(hashesAtOnce(10 * cores)).toBe(1)
  })
})
