import { once } from 'node:events'
import { createServer, request, type Server } from 'node:http'
import { text } from 'node:stream/consumers'
import express, { type Express } from 'express'
import { afterEach, describe, expect, it } from 'vitest'
import { expressMiddleware } from '../../src/mounting/express.ts'
import { echoServer, FORM } from './echo.ts'

describe('expressMiddleware', () => {
  let server: Server | undefined
  afterEach(async () => {
    await new Promise((resolve) => server?.close(resolve))
  })

  const start = async (mount: (app: Express) => void): Promise<string> => {
    const app = express()
    mount(app)
    app.use((request, response) => void response.status(404).json({ app: request.path }))
    const listening = createServer(app)
    server = listening
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
    const address = listening.address()
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  }
  const json = async (input: string, init?: RequestInit) => (await fetch(input, init)).json()

  it('answers its own addresses, the RFC 8414 one among them, and passes everything else on', async () => {
    const origin = await start((app) => app.use(expressMiddleware(echoServer())))
    expect(await json(`${origin}/auth/oauth/token?x=1`)).toMatchObject({
      path: '/auth/oauth/token?x=1',
      peer: '127.0.0.1',
    })
    expect(await json(`${origin}/.well-known/oauth-authorization-server/auth`)).toMatchObject({
      method: 'GET',
    })
    expect(await json(`${origin}/auth/else`)).toEqual({ app: '/auth/else' })
    expect(await json(`${origin}/`)).toEqual({ app: '/' })
  })

  it('goes by the whole path where the app mounts it under a part of it', async () => {
    const origin = await start((app) => app.use('/auth', expressMiddleware(echoServer())))
    expect(await json(`${origin}/auth/oauth/token`)).toMatchObject({ path: '/auth/oauth/token' })
    expect(await json(`${origin}/auth/else`)).toEqual({ app: '/auth/else' })
  })

  it.each(['/', '/auth'])(
    'answers the absolute form of its addresses, mounted at %s (RFC 9112 §3.2.2)',
    async (path) => {
      const origin = await start((app) => app.use(path, expressMiddleware(echoServer())))
      const { hostname, port } = new URL(origin)
      const ask = async (target: string) => {
        const [answer] = await once(request({ hostname, port, path: target }).end(), 'response')
        return JSON.parse(await text(answer))
      }
      expect(await ask('http://id.example.com/auth/oauth/token?x=1')).toMatchObject({
        path: '/auth/oauth/token?x=1',
      })
      expect(await ask('http://id.example.com/auth/else')).toEqual({ app: '/auth/else' })
    },
  )

  it('reads the body itself', async () => {
    const origin = await start((app) => app.use(expressMiddleware(echoServer())))
    expect(await json(`${origin}/auth/oauth/token`, FORM)).toMatchObject({ form: 'a=1&b=%C3%A4+x&a=2' })
  })

  it.each([
    ['urlencoded', express.urlencoded()],
    ['extended urlencoded', express.urlencoded({ extended: true })],
    ['text', express.text({ type: () => true })],
    ['raw', express.raw({ type: () => true })],
  ])('uses a body that the app has parsed already: %s', async (_name, parser) => {
    const origin = await start((app) => app.use(parser, expressMiddleware(echoServer())))
    const { form } = await json(`${origin}/auth/oauth/token`, FORM)
    expect(new URLSearchParams(form).getAll('a')).toEqual(['1', '2'])
    expect(new URLSearchParams(form).get('b')).toBe('ä x')
  })

  it('answers where a parser has read an empty body to its end', async () => {
    const origin = await start((app) => app.use(express.urlencoded(), expressMiddleware(echoServer())))
    const empty = { ...FORM, headers: { ...FORM.headers, 'content-length': '0' }, body: '' }
    expect(await json(`${origin}/auth/oauth/token`, empty)).toMatchObject({ form: '' })
  })

  it('is not led astray by a parser for another type', async () => {
    const origin = await start((app) => app.use(express.json(), expressMiddleware(echoServer())))
    expect(await json(`${origin}/auth/oauth/token`, FORM)).toMatchObject({ form: 'a=1&b=%C3%A4+x&a=2' })
  })

  it('says so where the body is gone and nobody kept it', async () => {
    const origin = await start((app) => {
      app.use((request, _response, next) => void request.resume().on('end', () => next()))
      app.use(expressMiddleware(echoServer()))
    })
    expect(await json(`${origin}/auth/oauth/token`, FORM)).toMatchObject({ form: 'refused: body_unreadable' })
  })
})
