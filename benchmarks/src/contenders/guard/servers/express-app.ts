import { createServer } from 'node:http'
import express, { type Request, type RequestHandler } from 'express'
import { listenLocally } from '../../local-settings.ts'
import { greeting } from './api.ts'

/** One app for both Express guards: an open route, and the same route behind the guard. */
export function serveExpress(
  guards: readonly RequestHandler[],
  emailOf: (request: Request) => unknown,
): void {
  const app = express()
  app.disable('x-powered-by')
  app.get('/open', (_request, response) => {
    response.json(greeting('anybody'))
  })
  app.get('/protected', ...guards, (request, response) => {
    response.json(greeting(emailOf(request)))
  })
  listenLocally(createServer(app))
}
