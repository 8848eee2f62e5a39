/**
 * The floor of a guarded answer: what no guard without a memory can leave out. It checks one signature with a key it was
 * given, reads the claims, compares issuer, audience, expiry and scope, and answers.
 */
import { createPublicKey, verify } from 'node:crypto'
import { createServer } from 'node:http'
import { listenLocally, localSettings } from '../../local-settings.ts'
import { type Api, fetchSigningKey, greeting } from './api.ts'

type Claims = Readonly<Record<'iss' | 'aud' | 'scope' | 'email', string>> & { readonly exp: number }

const api = localSettings<Api>()
const key = createPublicKey({ key: await fetchSigningKey(api), format: 'jwk' })

/** DER out of r‖s (RFC 7518 §3.4): verifying DER is faster than `dsaEncoding: 'ieee-p1363'`. */
function derSignature(raw: Buffer): Buffer {
  const [r, s] = [integer(raw.subarray(0, 32)), integer(raw.subarray(32))]
  return Buffer.concat([Buffer.from([0x30, r.length + s.length]), r, s])
}

function integer(bytes: Buffer): Buffer {
  let start = 0
  while (start < bytes.length - 1 && bytes[start] === 0) start += 1
  const value = bytes.subarray(start)
  const positive = (value[0] ?? 0) < 0x80 ? value : Buffer.concat([Buffer.from([0]), value])
  return Buffer.concat([Buffer.from([0x02, positive.length]), positive])
}

function statusOf(token: string): { readonly status: number; readonly email?: string } {
  const [header = '', payload = '', signature = ''] = token.split('.')
  const raw = Buffer.from(signature, 'base64url')
  if (raw.length !== 64) return { status: 401 }
  if (!verify('sha256', Buffer.from(`${header}.${payload}`), key, derSignature(raw))) return { status: 401 }
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Claims
  const { iss, aud, exp, scope, email } = claims
  if (iss !== api.issuer || aud !== api.audience || exp <= Date.now() / 1000) return { status: 401 }
  return scope.split(' ').includes(api.scope) ? { status: 200, email } : { status: 403 }
}

listenLocally(
  createServer((request, response) => {
    const { status, email } = statusOf(request.headers.authorization?.slice('Bearer '.length) ?? '')
    const body = status === 200 ? JSON.stringify(greeting(email)) : '{}'
    response.writeHead(status, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    })
    response.end(body)
  }),
)
