import { serve } from '@hono/node-server'
import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { announcePort } from '../../local-settings.ts'
import { greeting } from './api.ts'

/** One app for both Hono guards: an open route, and the same route behind the guard. */
export function serveHono(guards: readonly MiddlewareHandler[], emailOf: (c: Context) => unknown): void {
  const app = new Hono()
  app.get('/open', (c) => c.json(greeting('anybody')))
  for (const guard of guards) app.use('/protected', guard)
  app.get('/protected', (c) => c.json(greeting(emailOf(c))))
  serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => announcePort(port))
}
