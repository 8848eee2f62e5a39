/**
 * The floor of a client_credentials answer: what no server can leave out. It reads the form, compares the client's
 * secret by its SHA-256 in constant time, makes the claims, signs once and answers JSON. It knows one client, keeps
 * nothing, logs nothing and refuses nothing but a wrong secret.
 */
import {
  createHash,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  timingSafeEqual,
} from 'node:crypto'
import { createServer } from 'node:http'
import { listenLocally, localSettings } from '../../local-settings.ts'

type Settings = {
  readonly alg: 'ES256' | 'EdDSA' | 'RS256'
  readonly clientId: string
  readonly secret: string
  readonly issuer: string
  readonly resource: string
  readonly lifetimeSeconds: number
}

const settings = localSettings<Settings>()
const key = privateKey(settings.alg)
const header = base64url(
  JSON.stringify({ alg: settings.alg, typ: 'at+jwt', kid: randomBytes(8).toString('hex') }),
)
const secretHash = createHash('sha256').update(settings.secret).digest()

function privateKey(alg: Settings['alg']): KeyObject {
  if (alg === 'ES256') return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  if (alg === 'EdDSA') return generateKeyPairSync('ed25519').privateKey
  return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
}

function base64url(text: string): string {
  return Buffer.from(text).toString('base64url')
}

/** r‖s out of DER (RFC 7518 §3.4): signing to DER is twice as fast as `dsaEncoding: 'ieee-p1363'`. */
function rawSignature(der: Buffer): Buffer {
  const raw = Buffer.alloc(64)
  const rLength = der[3] ?? 0
  const r = der.subarray(4, 4 + rLength)
  const s = der.subarray(6 + rLength)
  raw.set(r.length > 32 ? r.subarray(r.length - 32) : r, Math.max(0, 32 - r.length))
  raw.set(s.length > 32 ? s.subarray(s.length - 32) : s, 32 + Math.max(0, 32 - s.length))
  return raw
}

function signature(input: string): string {
  const bytes = Buffer.from(input)
  if (settings.alg === 'ES256') return rawSignature(sign('sha256', bytes, key)).toString('base64url')
  return sign(settings.alg === 'EdDSA' ? null : 'sha256', bytes, key).toString('base64url')
}

function authenticated(authorization: string | undefined): boolean {
  const [id, secret] = Buffer.from(authorization?.slice(6) ?? '', 'base64')
    .toString()
    .split(':')
  const hash = createHash('sha256')
    .update(secret ?? '')
    .digest()
  return timingSafeEqual(hash, secretHash) && id === settings.clientId
}

function token(scope: string, now: number): string {
  const claims = {
    iss: settings.issuer,
    sub: settings.clientId,
    aud: settings.resource,
    exp: now + settings.lifetimeSeconds,
    iat: now,
    jti: randomBytes(16).toString('base64url'),
    client_id: settings.clientId,
    scope,
  }
  const input = `${header}.${base64url(JSON.stringify(claims))}`
  return `${input}.${signature(input)}`
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const form = new URLSearchParams(Buffer.concat(chunks).toString())
    if (!authenticated(request.headers.authorization) || form.get('grant_type') !== 'client_credentials') {
      response.writeHead(401).end()
      return
    }
    const scope = form.get('scope') ?? ''
    const body = JSON.stringify({
      access_token: token(scope, Math.floor(Date.now() / 1000)),
      token_type: 'Bearer',
      expires_in: settings.lifetimeSeconds,
      scope,
    })
    response
      .writeHead(200, {
        'content-type': 'application/json',
        'cache-control': 'no-store',
        'content-length': Buffer.byteLength(body),
      })
      .end(body)
  })
})
listenLocally(server)
