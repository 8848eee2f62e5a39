import { createPublicKey } from 'node:crypto'
import jwt from '@fastify/jwt'
import { type FastifyReply, type FastifyRequest, fastify } from 'fastify'
import { localSettings } from '../../local-settings.ts'
import { type Api, fetchSigningKey } from './api.ts'
import { serveFastify } from './fastify-app.ts'

declare module '@fastify/jwt' {
  interface FastifyJWT {
    payload: Record<string, unknown>
    user: { readonly scope?: string; readonly email?: string }
  }
}

const api = localSettings<Api>()
const key = createPublicKey({ key: await fetchSigningKey(api), format: 'jwk' })

const app = fastify()
await app.register(jwt, {
  secret: { public: key.export({ type: 'spki', format: 'pem' }) },
  decode: { checkTyp: 'at+jwt' },
  verify: {
    algorithms: ['ES256'],
    allowedIss: api.issuer,
    allowedAud: api.audience,
    ...(api.cache === null ? {} : { cache: api.cache }),
  },
})

/** The `authenticate` of its documentation, and the scope, which it leaves to the app. */
async function authenticate(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  try {
    await request.jwtVerify()
  } catch (error) {
    return reply.send(error)
  }
  if (request.user.scope?.split(' ').includes(api.scope)) return
  return reply.code(403).send({ error: 'insufficient_scope' })
}

await serveFastify(app, authenticate, ({ user }) => user.email)
