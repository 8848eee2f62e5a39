import type { PlainLoad } from '../row.ts'
import { type SigningAlg, WORK } from './token-work.ts'

type Json = Readonly<Record<string, unknown>>

const decode = (part: string): Json => JSON.parse(Buffer.from(part, 'base64url').toString()) as Json

/** The header and the claims of a JWT. The signature is not looked at. */
function readJwt(token: unknown, what: string): { readonly header: Json; readonly claims: Json } {
  const [header, claims] = typeof token === 'string' ? token.split('.') : []
  if (header === undefined || claims === undefined) throw new Error(`no ${what}: ${JSON.stringify(token)}`)
  return { header: decode(header), claims: decode(claims) }
}

/** Sends one request as the load does, and answers its JSON body. Throws unless the status is 200. */
export async function requestOnce({ url, method, headers, body }: PlainLoad): Promise<Json> {
  const response = await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) })
  const text = await response.text()
  if (response.status !== 200) throw new Error(`${method} ${url}: ${response.status} ${text.slice(0, 300)}`)
  return JSON.parse(text) as Json
}

/** Throws unless this is an access token of the kind the rows speak of (RFC 9068 §2). */
export function checkAccessToken(token: unknown, alg: SigningAlg): void {
  const { header, claims } = readJwt(token, 'access token')
  // With an ID token asked for, some name `openid` in the access token too.
  const scopes = String(claims.scope)
    .split(' ')
    .filter((word) => word !== 'openid')
  check('access token', [
    header.alg === alg ? null : `alg ${header.alg}`,
    [claims.aud].flat().join(' ') === WORK.resource ? null : `aud ${JSON.stringify(claims.aud)}`,
    scopes.join(' ') === WORK.scope ? null : `scope ${JSON.stringify(claims.scope)}`,
    lifetimeProblem(claims),
    ...missing(claims, ['iss', 'sub', 'client_id', 'jti']),
  ])
}

/** Throws unless this is an ID token for the client (OpenID Connect Core §2). */
export function checkIdToken(token: unknown, clientId: string): void {
  const { header, claims } = readJwt(token, 'ID token')
  check('ID token', [
    header.alg === 'ES256' ? null : `alg ${header.alg}`,
    [claims.aud].flat().join(' ') === clientId ? null : `aud ${JSON.stringify(claims.aud)}`,
    lifetimeProblem(claims),
    ...missing(claims, ['iss', 'sub']),
  ])
}

const lifetimeProblem = ({ exp, iat }: Json): string | null => {
  const lifetime = Number(exp) - Number(iat)
  return lifetime === WORK.lifetimeSeconds ? null : `a lifetime of ${lifetime} s`
}

const missing = (claims: Json, names: readonly string[]): readonly (string | null)[] =>
  names.map((name) => (typeof claims[name] === 'string' ? null : `no ${name}`))

function check(what: string, problems: readonly (string | null)[]): void {
  const wrong = problems.filter((problem) => problem !== null)
  if (wrong.length > 0) throw new Error(`the ${what} has ${wrong.join(', ')}`)
}
