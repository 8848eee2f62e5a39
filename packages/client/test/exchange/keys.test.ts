import { expect, it } from 'vitest'
import { rememberKeys } from '../../src/exchange/keys.ts'

const JWKS = 'https://id.example.com/jwks'
const keys = () => rememberKeys(async () => Response.json({ keys: [] }))

it('is one key set for all who ask for it at once', async () => {
  const { forIdTokens } = keys()
  const [one, other] = await Promise.all([forIdTokens(JWKS), forIdTokens(JWKS)])
  expect(one).toBe(other)
  expect(await forIdTokens(JWKS)).toBe(one)
})

it('is one key set at a time: another address takes its place', async () => {
  const { forIdTokens } = keys()
  const [first, second] = await Promise.all([forIdTokens(JWKS), forIdTokens(`${JWKS}/2`)])
  expect(await forIdTokens(`${JWKS}/2`)).toBe(second)
  expect(await forIdTokens(JWKS)).not.toBe(first)
})
