import type { PlainLoad } from '../row.ts'
import { WORK } from './token-work.ts'

const decode = (part: string | undefined): Record<string, unknown> =>
  JSON.parse(Buffer.from(part ?? '', 'base64url').toString()) as Record<string, unknown>

/** Sends one request as the load does, and answers its JSON body. Throws unless the status is 200. */
export async function requestOnce({
  url,
  method,
  headers,
  body,
}: PlainLoad): Promise<Record<string, unknown>> {
  const response = await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) })
  const text = await response.text()
  if (response.status !== 200)
    throw new Error(`${method} ${url} answers ${response.status}: ${text.slice(0, 300)}`)
  return JSON.parse(text) as Record<string, unknown>
}

/** Throws unless this is an access token of the kind the rows speak of (RFC 9068 §2). */
export function checkAccessToken(token: unknown, alg: string): Record<string, unknown> {
  if (typeof token !== 'string') throw new Error(`no access token: ${JSON.stringify(token)}`)
  const [header, claims] = token.split('.').slice(0, 2).map(decode)
  if (header === undefined || claims === undefined) throw new Error(`not a JWT: ${token}`)
  const { aud, scope, exp, iat } = claims
  const wrong = [
    header.alg === alg ? '' : `alg ${header.alg}`,
    [aud].flat().join(' ') === WORK.resource ? '' : `aud ${JSON.stringify(aud)}`,
    scope === WORK.scope ? '' : `scope ${JSON.stringify(scope)}`,
    Number(exp) - Number(iat) === WORK.lifetimeSeconds ? '' : `a lifetime of ${Number(exp) - Number(iat)} s`,
    ...['iss', 'sub', 'client_id', 'jti'].map((name) =>
      typeof claims[name] === 'string' ? '' : `no ${name}`,
    ),
  ].filter((problem) => problem !== '')
  if (wrong.length > 0) throw new Error(`the access token has ${wrong.join(', ')}`)
  return claims
}
