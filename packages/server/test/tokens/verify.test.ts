import { generateSigningJwk, importPrivateJwk } from '@doorward/core/crypto'
import { signJwt } from '@doorward/core/jwt'
import { describe, expect, it } from 'vitest'
import { ownAccessTokens } from '../../src/tokens/verify.ts'
import { startServer } from '../endpoints/support/server.ts'
import { claimsOf, firstTokens, isActive } from '../endpoints/support/token.ts'

describe('an access token of our own', () => {
  it('is read, and read again from memory', async () => {
    const server = await startServer()
    const { accessToken } = await firstTokens(server)
    const tokens = ownAccessTokens(server.deps)
    const claims = tokens.read(accessToken)
    expect(claims?.claims).toEqual(claimsOf(accessToken))
    expect(tokens.read(accessToken)).toBe(claims)
    expect(claims !== null && (await tokens.isLive(claims))).toBe(true)
  })

  it('is not one where type, issuer or signature is another’s, RFC 9068 §4', async () => {
    const server = await startServer()
    const { accessToken, idToken } = await firstTokens(server)
    const tokens = ownAccessTokens(server.deps)
    const key = await server.deps.keyring.signer('ES256')
    const claims = claimsOf(accessToken)
    expect(tokens.read(signJwt({ typ: 'at+jwt' }, claims, key))).not.toBeNull()
    const forgeries = [
      idToken,
      signJwt({ typ: 'JWT' }, claims, key),
      signJwt({ typ: 'at+jwt' }, { ...claims, iss: 'https://else.example' }, key),
      signJwt({ typ: 'at+jwt' }, { ...claims, exp: server.deps.clock() }, key),
      signJwt({ typ: 'at+jwt' }, { ...claims, jti: undefined }, key),
      signJwt({ typ: 'at+jwt' }, claims, importPrivateJwk(generateSigningJwk('ES256'))),
      '',
      'a.b.c',
    ]
    for (const text of forgeries) expect(tokens.read(text)).toBeNull()
  })

  it('in memory ends with its time and with its key', async () => {
    const server = await startServer()
    const { accessToken } = await firstTokens(server)
    let keys = server.deps.keyring.verificationKeys()
    const keyring = { ...server.deps.keyring, verificationKeys: () => keys }
    const tokens = ownAccessTokens({
      ...server.deps,
      keyring: { ...keyring, signer: server.deps.keyring.signer, jwks: server.deps.keyring.jwks },
    })
    expect(tokens.read(accessToken)).not.toBeNull()
    const all = keys
    keys = []
    expect(tokens.read(accessToken)).toBeNull()
    keys = all
    expect(tokens.read(accessToken)).not.toBeNull()
    server.wait(600)
    expect(tokens.read(accessToken)).toBeNull()
  })

  it('in memory is still asked for revocation each time', async () => {
    const server = await startServer()
    const { client, accessToken } = await firstTokens(server)
    expect(await isActive(server, client, accessToken)).toBe(true)
    const { jti } = claimsOf(accessToken)
    const { clock, storage } = server.deps
    await storage.accessTokens.revoke(String(jti), clock() + 600, clock())
    expect(await isActive(server, client, accessToken)).toBe(false)
  })

  it('leaves memory for newer ones: what is kept is bounded', async () => {
    const server = await startServer()
    const { accessToken } = await firstTokens(server)
    const key = await server.deps.keyring.signer('EdDSA')
    const claims = claimsOf(accessToken)
    const tokens = ownAccessTokens(server.deps)
    const first = tokens.read(accessToken)
    for (let index = 0; index < 4096; index += 1) {
      expect(tokens.read(signJwt({ typ: 'at+jwt' }, { ...claims, jti: `x.${index}` }, key))).not.toBeNull()
    }
    const again = tokens.read(accessToken)
    expect(again).toEqual(first)
    expect(again).not.toBe(first)
  })
})
