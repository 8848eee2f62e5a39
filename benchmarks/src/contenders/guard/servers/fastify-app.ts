import type { FastifyInstance, FastifyRequest, onRequestHookHandler } from 'fastify'
import { announcePort } from '../../local-settings.ts'
import { greeting } from './api.ts'

/** One app for both Fastify guards: an open route, and the same route behind the guard. */
export async function serveFastify(
  app: FastifyInstance,
  guard: onRequestHookHandler,
  emailOf: (request: FastifyRequest) => unknown,
): Promise<void> {
  app.get('/open', async () => greeting('anybody'))
  app.get('/protected', { onRequest: guard }, async (request) => greeting(emailOf(request)))
  announcePort(Number(new URL(await app.listen({ port: 0, host: '127.0.0.1' })).port))
}
