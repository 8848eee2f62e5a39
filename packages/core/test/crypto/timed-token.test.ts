import { describe, expect, it } from 'vitest'
import { randomToken, sha256, timedToken, tokenHash } from '../../src/crypto/index.ts'

const NOW = 1_800_000_000

describe('timed tokens', () => {
  it('have 256 random bits of their own behind the time', () => {
    const tokens = Array.from({ length: 100 }, () => timedToken(NOW, 7))
    for (const token of tokens) expect(token).toMatch(/^6b49d200007[\w-]{43}$/)
    expect(new Set(tokens.map((token) => token.slice(11))).size).toBe(100)
    expect(timedToken(NOW)).toMatch(/^6b49d200[\w-]{43}$/)
    expect(timedToken(NOW, 999, 9)).toMatch(/^6b49d200999[\w-]{12}$/)
  })

  it('are stored as a hash that follows those of earlier tokens', () => {
    const seconds = [0, 1, NOW - 1, NOW, NOW + 1, NOW + 15, NOW + 16, 2 ** 32 - 1]
    const hashes = seconds.map((second) => tokenHash(timedToken(second)))
    expect(hashes).toEqual(hashes.toSorted())
    const finer = seconds.flatMap((second) =>
      [0, 1, 9, 10, 999].map((millisecond) => tokenHash(timedToken(second, millisecond))),
    )
    expect(finer).toEqual(finer.toSorted())
  })

  it.each([undefined, 0, 999])(
    'are stored as the hash of all of the token (millisecond %s)',
    (millisecond) => {
      const token = timedToken(NOW, millisecond)
      expect(tokenHash(token)).toBe(token.slice(0, -43) + sha256(token))
    },
  )

  it.each([
    ['a token without a time', randomToken()],
    ['a time without a token', '6b49d200'],
    ['no hexadecimal time', `6B49D200${randomToken()}`],
    ['what is longer', `${timedToken(NOW)}a`],
    ['a time of two digits more', `6b49d20012${randomToken()}`],
    ['what is no base64url', `${timedToken(NOW).slice(0, -1)}.`],
    ['what has more lines', `x\n${timedToken(NOW)}`],
    ['nothing', ''],
  ])('are told from %s, which has a hash alone', (_what, text) => {
    expect(tokenHash(text)).toBe(sha256(text))
  })
})
