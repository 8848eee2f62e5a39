import { fastify } from 'fastify'
import { afterEach, describe, expect, it } from 'vitest'
import { fastifyPlugin } from '../../src/mounting/fastify.ts'
import { echoServer, FORM } from './echo.ts'

const PATHS = ['/auth/oauth/token', '/.well-known/oauth-authorization-server/auth']

describe('fastifyPlugin', () => {
  const app = { current: fastify() }
  afterEach(() => app.current.close())

  const start = async (): Promise<string> => {
    app.current = fastify({ forceCloseConnections: true })
    app.current.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string' },
      async () => "the app's own",
    )
    app.current.post('/else', async (request) => ({ app: request.body }))
    await app.current.register(fastifyPlugin(echoServer(), PATHS))
    return app.current.listen({ port: 0, host: '127.0.0.1' })
  }
  const json = async (input: string, init?: RequestInit) => (await fetch(input, init)).json()

  it('answers its own addresses, and leaves everything else to the app', async () => {
    const origin = await start()
    expect(await json(`${origin}/auth/oauth/token?x=1`)).toMatchObject({
      path: '/auth/oauth/token?x=1',
      peer: '127.0.0.1',
    })
    expect(await json(`${origin}/.well-known/oauth-authorization-server/auth`)).toMatchObject({
      method: 'GET',
    })
    expect((await fetch(`${origin}/auth/else`)).status).toBe(404)
  })

  it("reads bodies itself, past the app's parsers, which stay the app's", async () => {
    const origin = await start()
    expect(await json(`${origin}/auth/oauth/token`, FORM)).toMatchObject({ form: FORM.body })
    expect(await json(`${origin}/else`, FORM)).toEqual({ app: "the app's own" })
  })

  it.each(['GET', 'PUT', 'DELETE', 'OPTIONS'])(
    "hands on %s too: which methods are right is Doorward's to say",
    async (method) => {
      const origin = await start()
      expect(await json(`${origin}/auth/oauth/token`, { method })).toMatchObject({ method })
    },
  )
})
