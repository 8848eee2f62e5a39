import { createSign, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { createServer, type RequestListener, type Server } from 'node:http'

export const AUDIENCE = 'https://api.example'

type Json = Readonly<Record<string, unknown>>

/** A real issuer's keys and name, and an attacker's, as far as tokens are concerned. */
export type Parties = {
  readonly issuer: string
  readonly ec: KeyObject
  readonly rsa: KeyObject
  readonly ed: KeyObject
  readonly published: {
    readonly ec: string
    readonly rsa: string
    readonly rsaPkcs1: string
    readonly jwks: string
  }
  readonly attacker: { readonly key: KeyObject; readonly jwk: Json; readonly address: string }
  /** Requests that reached the attacker's server: there must be none. */
  readonly lured: string[]
  readonly close: () => void
}

const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ed = generateKeyPairSync('ed25519')
const evil = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const jwkOf = (key: KeyObject): Json => ({ ...key.export({ format: 'jwk' }) })
const pem = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString()

const JWKS = JSON.stringify({
  keys: [
    { ...jwkOf(ec.publicKey), kid: 'ec', alg: 'ES256', use: 'sig' },
    { ...jwkOf(rsa.publicKey), kid: 'rsa', alg: 'RS256', use: 'sig' },
    { ...jwkOf(ed.publicKey), kid: 'ed', alg: 'EdDSA', use: 'sig' },
    // What a careless issuer may publish, too: none of it may ever verify a token.
    { kty: 'oct', k: 'c2VjcmV0', kid: 'oct', alg: 'HS256', use: 'sig' },
    { ...jwkOf(evil.publicKey), kid: 'enc', use: 'enc' },
  ],
})

/** Starts the issuer (discovery and keys) and the attacker's server on ports of their own. */
export async function startParties(): Promise<Parties> {
  const lured: string[] = []
  const attackerJwk = { ...jwkOf(evil.publicKey), kid: 'evil', alg: 'ES256', use: 'sig' }
  const attackerServer = await listen((request, response) => {
    lured.push(request.url ?? '')
    response.end(JSON.stringify({ keys: [attackerJwk] }))
  })
  const issuerServer = await listen((request, response) => {
    const found = request.url === '/.well-known/openid-configuration' || request.url === '/jwks'
    response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' })
    response.end(request.url === '/jwks' ? JWKS : JSON.stringify({ issuer, jwks_uri: `${issuer}/jwks` }))
  })
  const issuer = issuerServer.address
  return {
    issuer,
    ec: ec.privateKey,
    rsa: rsa.privateKey,
    ed: ed.privateKey,
    published: {
      ec: pem(ec.publicKey),
      rsa: pem(rsa.publicKey),
      rsaPkcs1: rsa.publicKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
      jwks: JWKS,
    },
    attacker: { key: evil.privateKey, jwk: attackerJwk, address: attackerServer.address },
    lured,
    close: () => {
      attackerServer.server.close()
      issuerServer.server.close()
    },
  }
}

async function listen(listener: RequestListener): Promise<{ server: Server; address: string }> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { server, address: `http://127.0.0.1:${port}` }
}

/** Signatures in the forms that JWS knows, and one that it does not. */
export const signatures = {
  es256: (key: KeyObject) => (input: string) =>
    sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }),
  der: (key: KeyObject) => (input: string) => sign('sha256', Buffer.from(input), key),
  rsa: (key: KeyObject, hash: string) => (input: string) => createSign(hash).update(input).sign(key),
  eddsa: (key: KeyObject) => (input: string) => sign(null, Buffer.from(input), key),
}
