import type { MiddlewareHandler } from 'hono'
import { jwk } from 'hono/jwk'
import { localSettings } from '../../local-settings.ts'
import { type Api, fetchSigningKey } from './api.ts'
import { serveHono } from './hono-app.ts'

const api = localSettings<Api>()
const keys = api.keys === 'keys' ? { keys: [await fetchSigningKey(api)] } : { jwks_uri: api.jwksUri }
const verification = { iss: api.issuer, aud: api.audience, typ: 'at+jwt' }

/** The scope, which it leaves to a middleware of the app's own behind it. */
const requireScope: MiddlewareHandler = async (c, next) => {
  const { scope } = c.get('jwtPayload') as { readonly scope?: string }
  if (!scope?.split(' ').includes(api.scope)) return c.json({ error: 'insufficient_scope' }, 403)
  await next()
}

serveHono([jwk({ ...keys, alg: ['ES256'], verification }), requireScope], (c) => c.get('jwtPayload').email)
