import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { errorResponse } from '../../src/http/error-response.ts'
import { createInbound } from '../../src/http/inbound.ts'
import type { IncomingRequest, Reply } from '../../src/http/incoming.ts'
import { trustedProxies } from '../../src/http/proxy.ts'
import { openListener } from '../../src/mounting/listener.ts'
import { nodeHandler } from '../../src/mounting/node.ts'

const MAX_BYTES = 1_000
const settings = { proxies: trustedProxies([]), bodyBytes: MAX_BYTES }
const context = {
  audit: { fault: () => {} },
  frame: { basePath: '', branding: { name: 'Doorward', accent: '#1f6f54' }, locale: 'en' },
  issuer: 'http://localhost',
} as unknown as Parameters<typeof errorResponse>[3]

/** A listener that answers with what it was asked; `outcomes` tells how each request ended inside. */
async function start(answer: (request: IncomingRequest) => Promise<Reply> = echo) {
  const outcomes: string[] = []
  const listener = await openListener({ host: '127.0.0.1', port: 0 })
  listener.serve({
    answer: async (request) => {
      const reply = await answer(request).catch((cause) =>
        errorResponse(cause, createInbound(request, '/', settings), 'program', context),
      )
      outcomes.push(reply.status === 200 ? 'answered' : String(JSON.parse(reply.body ?? '{}').reason))
      return reply
    },
  })
  onTestFinished(async () => void (await listener.close()))
  return { port: listener.port, outcomes }
}

async function echo(request: IncomingRequest): Promise<Reply> {
  const { method, target, peer } = request
  const body = method === 'POST' ? await request.text(MAX_BYTES) : null
  const headers = ['host', 'authorization', 'cookie', 'x-absent'].map(request.header)
  return json({ method, target, peer, headers, body })
}

const json = (value: unknown, more: Partial<Reply> = {}): Reply => ({
  status: 200,
  headers: { 'Content-Type': 'application/json' },
  cookies: [],
  body: JSON.stringify(value),
  ...more,
})

/** Sends bytes as they are, and answers all that comes back until the server hangs up. */
async function raw(port: number, ...parts: readonly string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let answer = ''
  socket.on('data', (chunk) => {
    answer += String(chunk)
  })
  socket.on('error', () => {})
  for (const part of parts) socket.write(part)
  await new Promise((resolve) => socket.on('close', resolve))
  return answer
}

const bodyOf = (answer: string): unknown => JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4))
const request = (line: string, ...headers: readonly string[]) =>
  [`${line} HTTP/1.1`, 'Host: localhost', 'Connection: close', ...headers, '', ''].join('\r\n')

describe('a request over node:http', () => {
  it('arrives with its target, address, headers and body', async () => {
    const { port } = await start()
    const asked = request('POST /a/b?c=%C3%BC', 'Authorization: Basic x', 'Cookie: a=1', 'Content-Length: 4')
    expect(bodyOf(await raw(port, asked, 'd', '=ü'))).toEqual({
      method: 'POST',
      target: '/a/b?c=%C3%BC',
      peer: '127.0.0.1',
      headers: ['localhost', 'Basic x', 'a=1', null],
      body: 'd=ü',
    })
  })

  it('of several headers of one name shows all: nobody else may see another one, RFC 9110 §5.3', async () => {
    const { port } = await start()
    const twice = ['Authorization: Basic a', 'authorization: Basic b', 'Cookie: a=1', 'Cookie: b=2']
    expect(bodyOf(await raw(port, request('GET /', ...twice)))).toMatchObject({
      headers: ['localhost', 'Basic a, Basic b', 'a=1; b=2', null],
    })
  })

  it.each([
    ['http://elsewhere.example/x?y=1', '/x?y=1'],
    ['http://elsewhere.example', '/'],
    ['*', '/'],
  ])('for %s is one for %s, RFC 9112 §3.2', async (target, expected) => {
    const { port } = await start()
    expect(bodyOf(await raw(port, request(`OPTIONS ${target}`)))).toMatchObject({ target: expected })
  })

  it('may have come in chunks', async () => {
    const { port } = await start()
    const chunked = request('POST /', 'Transfer-Encoding: chunked')
    expect(bodyOf(await raw(port, chunked, '2\r\na=\r\n', '1\r\n1\r\n0\r\n\r\n'))).toMatchObject({
      body: 'a=1',
    })
  })
})

it('answers leave together: all that had arrived are dealt with before the first is written', async () => {
  const order: string[] = []
  const handle = nodeHandler({
    answer: async ({ target }) => {
      order.push(`asked ${target}`)
      return json(null)
    },
  })
  const server = createServer((incoming, outgoing) => {
    outgoing.once('prefinish', () => order.push('written'))
    void handle(incoming, outgoing)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  const sockets = await Promise.all(
    ['/a', '/b'].map(async (target) => {
      const socket = connect(port, '127.0.0.1')
      await once(socket, 'connect')
      return { socket, target }
    }),
  )
  // Both lie ready when the server looks again.
  await setTimeout(50)
  for (const { socket, target } of sockets) socket.write(request(`GET ${target}`))
  await Promise.all(sockets.map(({ socket }) => once(socket.resume(), 'close')))
  expect(order).toEqual(['asked /a', 'asked /b', 'written', 'written'])
  server.close()
})

describe('a body', () => {
  it('that says it is too large is refused unread, and the connection serves on: 413', async () => {
    const { port, outcomes } = await start()
    const large = ['POST / HTTP/1.1', 'Host: localhost', `Content-Length: ${MAX_BYTES + 1}`, '', ''].join(
      '\r\n',
    )
    const answer = await raw(port, large, 'x'.repeat(MAX_BYTES + 1), request('GET /next'))
    expect(answer).toMatch(/^HTTP\/1\.1 413 /)
    expect(answer).toContain('"target":"/next"')
    expect(outcomes).toEqual(['body_too_large', 'answered'])
  })

  it('that turns out too large is refused as soon as it does', async () => {
    const { port, outcomes } = await start()
    const socket = connect(port, '127.0.0.1')
    socket.write(request('POST /', 'Transfer-Encoding: chunked'))
    socket.write(`${(MAX_BYTES + 1).toString(16)}\r\n${'x'.repeat(MAX_BYTES + 1)}\r\n`)
    const [answer] = await once(socket, 'data')
    expect(String(answer)).toMatch(/^HTTP\/1\.1 413 /)
    expect(outcomes).toEqual(['body_too_large'])
    socket.destroy()
  })

  it('that never ends is hung up on', async () => {
    const { port } = await start()
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => {})
    socket.resume()
    socket.write(request('POST /', 'Transfer-Encoding: chunked'))
    const chunk = `10000\r\n${'x'.repeat(0x1_00_00)}\r\n`
    const flood = setInterval(() => socket.write(chunk), 1)
    // Not by `once`, which takes the reset for a failure of the test.
    await new Promise((resolve) => socket.on('close', resolve))
    clearInterval(flood)
    expect(socket.destroyed).toBe(true)
  })

  it('that breaks off is the connection’s fault', async () => {
    const { port, outcomes } = await start()
    const socket = connect(port, '127.0.0.1')
    socket.write(request('POST /', 'Content-Length: 10'))
    socket.write('abc', () => setTimeout(50).then(() => socket.resetAndDestroy()))
    await expect.poll(() => outcomes).toEqual(['body_incomplete'])
  })
})

it('a body that is asked for after its sender has gone is the connection’s fault, too', async () => {
  const gone = Promise.withResolvers<void>()
  const { port, outcomes } = await start(async (request) => {
    await gone.promise
    return json(await request.text(MAX_BYTES))
  })
  const socket = connect(port, '127.0.0.1')
  socket.write(request('POST /', 'Content-Length: 10'), () =>
    setTimeout(50).then(() => socket.resetAndDestroy()),
  )
  await once(socket, 'close')
  void setTimeout(100).then(gone.resolve)
  await expect.poll(() => outcomes).toEqual(['body_incomplete'])
})

describe('an answer over node:http', () => {
  it('to HEAD has the length and not the body of the one to GET, RFC 9110 §9.3.2', async () => {
    const { port } = await start(async () => json({ a: 'ü' }))
    const [get, head] = [await raw(port, request('GET /')), await raw(port, request('HEAD /'))]
    expect(get.endsWith('\r\n\r\n{"a":"ü"}')).toBe(true)
    expect(head.endsWith('\r\n\r\n')).toBe(true)
    for (const answer of [get, head]) expect(answer).toContain('Content-Length: 10\r\n')
  })

  it('sets each cookie in a header of its own, RFC 6265 §3', async () => {
    const { port } = await start(async () => json(null, { cookies: ['a=1; Path=/', 'b=2; Path=/'] }))
    const answer = await raw(port, request('GET /'))
    expect(answer.match(/^Set-Cookie: .*$/gm)).toEqual(['Set-Cookie: a=1; Path=/', 'Set-Cookie: b=2; Path=/'])
  })

  it('that cannot be written is cut off, and the next request is served', async () => {
    const { port } = await start(async ({ target }) =>
      json(null, target === '/bad' ? { headers: { Location: 'a\r\nb' } } : {}),
    )
    expect(await raw(port, request('GET /bad'))).toBe('')
    expect(await raw(port, request('GET /good'))).toMatch(/^HTTP\/1\.1 200 /)
  })

  it('to somebody who is gone is nobody’s fault', async () => {
    const gone = Promise.withResolvers<void>()
    const { port, outcomes } = await start(async ({ target }) => {
      if (target === '/slow') await gone.promise
      return json(null)
    })
    const socket = connect(port, '127.0.0.1')
    socket.write(request('GET /slow'), () => socket.destroy())
    await once(socket, 'close')
    gone.resolve()
    await expect.poll(() => outcomes).toEqual(['answered'])
    expect(await raw(port, request('GET /'))).toMatch(/^HTTP\/1\.1 200 /)
  })
})
