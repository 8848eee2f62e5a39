import { createAdaptorServer, type ServerType } from '@hono/node-server'
import { Hono } from 'hono'
import { afterEach, describe, expect, it } from 'vitest'
import { honoMiddleware } from '../../src/mounting/hono.ts'
import { echoServer, FORM } from './echo.ts'

describe('honoMiddleware', () => {
  let server: ServerType | undefined
  afterEach(async () => {
    await new Promise((resolve) => server?.close(resolve))
  })

  const start = async (before: (app: Hono) => void = () => undefined): Promise<string> => {
    const app = new Hono()
    before(app)
    app.use(honoMiddleware(echoServer()))
    app.all('*', (context) => context.json({ app: context.req.path }, 404))
    const listening = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false })
    server = listening
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
    const address = listening.address()
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  }
  const json = async (input: string, init?: RequestInit) => (await fetch(input, init)).json()

  it('answers its own addresses, and passes everything else on', async () => {
    const origin = await start()
    expect(await json(`${origin}/auth/oauth/token?x=1`)).toMatchObject({
      path: '/auth/oauth/token?x=1',
      peer: '127.0.0.1',
    })
    expect(await json(`${origin}/.well-known/oauth-authorization-server/auth`)).toMatchObject({
      method: 'GET',
    })
    expect(await json(`${origin}/auth/else`)).toEqual({ app: '/auth/else' })
  })

  it('reads the body itself', async () => {
    const origin = await start()
    expect(await json(`${origin}/auth/oauth/token`, FORM)).toMatchObject({ form: FORM.body })
  })

  it.each(['text', 'parseBody', 'formData', 'arrayBuffer'] as const)(
    'uses a body that the app has read with c.req.%s()',
    async (verb) => {
      const origin = await start((app) =>
        app.use(async (context, next) => {
          await context.req[verb]()
          await next()
        }),
      )
      const { form } = await json(`${origin}/auth/oauth/token`, FORM)
      expect(new URLSearchParams(form).getAll('a')).toEqual(['1', '2'])
    },
  )

  it('says so where the body is gone and nobody kept it', async () => {
    const origin = await start((app) =>
      app.use(async (context, next) => {
        await context.req.raw.text()
        await next()
      }),
    )
    expect(await json(`${origin}/auth/oauth/token`, FORM)).toMatchObject({ form: 'refused: body_unreadable' })
  })

  it('answers a request that came without a socket', async () => {
    const app = new Hono().use(honoMiddleware(echoServer()))
    expect(await (await app.request('/auth/oauth/token')).json()).toMatchObject({ peer: '' })
  })
})
