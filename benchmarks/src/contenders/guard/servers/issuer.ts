/**
 * The issuer of the tokens that the guards are shown: discovery, one ES256 key in a JWK set, and, in files, good tokens
 * as Doorward issues them (RFC 9068) and bad ones. It stands on another core than the server that is measured.
 */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { announcePort, localSettings } from '../../local-settings.ts'
import type { TokenOrder } from '../issuer.ts'

const { file, good, audience, scope, email } = localSettings<TokenOrder>()
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const kid = randomBytes(32).toString('base64url')
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const header = encode({ alg: 'ES256', typ: 'at+jwt', kid })

function tokenWith(issuer: string, changed: Readonly<Record<string, unknown>> = {}): string {
  const now = Math.floor(Date.now() / 1000)
  const person = randomBytes(16).toString('base64url')
  const jti = randomBytes(16).toString('base64url')
  const times = { exp: now + 7_200, iat: now }
  const claims = {
    iss: issuer,
    sub: person,
    aud: audience,
    ...times,
    jti,
    client_id: 'app',
    scope,
    email,
    ...changed,
  }
  const input = `${header}.${encode(claims)}`
  const signature = sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' })
  return `${input}.${signature.toString('base64url')}`
}

const server = createServer((request, response) => {
  const issuer = `http://${request.headers.host}`
  const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' }] }
  const answer = request.url?.startsWith('/.well-known/')
    ? { issuer, jwks_uri: `${issuer}/jwks`, response_types_supported: ['code'] }
    : jwks
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'max-age=300' })
  response.end(JSON.stringify(answer))
})

server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const issuer = `http://127.0.0.1:${port}`
  const past = Math.floor(Date.now() / 1000) - 3_600
  const tokens = {
    good: Array.from({ length: good }, () => tokenWith(issuer)),
    bad: {
      issuer: tokenWith('http://127.0.0.1:1'),
      audience: tokenWith(issuer, { aud: 'https://other.example.com' }),
      expiry: tokenWith(issuer, { exp: past, iat: past - 600 }),
      signature: `${tokenWith(issuer).split('.').slice(0, 2).join('.')}.${tokenWith(issuer).split('.')[2]}`,
    },
    withoutScope: tokenWith(issuer, { scope: 'other' }),
  }
  writeFileSync(file, JSON.stringify(tokens))
  announcePort(port)
})
