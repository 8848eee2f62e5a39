import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createSafeFetch } from '../../src/outgoing/fetch.ts'
import { RefusedAddressError } from '../../src/outgoing/safe-lookup.ts'

const publicCaller = { loopback: false, allowPrivateHosts: [] }
const localCaller = { loopback: true, allowPrivateHosts: [] }

describe('createSafeFetch', () => {
  const servers: Server[] = []
  afterEach(async () => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  })

  const listen = async (listener: RequestListener): Promise<{ port: number; asked: () => number }> => {
    let asked = 0
    const server = createServer((request, response) => {
      asked += 1
      listener(request, response)
    })
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address() as AddressInfo
    return { port: address.port, asked: () => asked }
  }
  const ok: RequestListener = (_request, response) => response.end('fine')

  it.each([
    '127.0.0.1',
    'localhost',
    '[::1]',
    '2130706433',
    '0x7f.1',
    '0.0.0.0',
    '[::ffff:127.0.0.1]',
    '169.254.169.254',
  ])('refuses %s before anything is sent', async (host) => {
    const { port, asked } = await listen(ok)
    const call = createSafeFetch(publicCaller)({ url: `http://${host}:${port}/`, method: 'GET' })
    await expect(call).rejects.toThrow(RefusedAddressError)
    expect(asked()).toBe(0)
  })

  it('reaches loopback by name and by address where the caller is loopback itself', async () => {
    const { port } = await listen(ok)
    for (const host of ['127.0.0.1', 'localhost']) {
      expect(
        await createSafeFetch(localCaller)({ url: `http://${host}:${port}/`, method: 'GET' }),
      ).toMatchObject({
        status: 200,
        body: 'fine',
      })
    }
    await expect(createSafeFetch(localCaller)({ url: 'http://10.0.0.1/', method: 'GET' })).rejects.toThrow(
      RefusedAddressError,
    )
  })

  it('reaches a private host that is named with its port, and no other port of it', async () => {
    const named = await listen(ok)
    const other = await listen(ok)
    const call = createSafeFetch({ ...publicCaller, allowPrivateHosts: [`localhost:${named.port}`] })
    expect((await call({ url: `http://localhost:${named.port}/`, method: 'GET' })).status).toBe(200)
    await expect(call({ url: `http://localhost:${other.port}/`, method: 'GET' })).rejects.toThrow(
      RefusedAddressError,
    )
    await expect(call({ url: `http://127.0.0.1:${named.port}/`, method: 'GET' })).rejects.toThrow(
      RefusedAddressError,
    )
  })

  it('follows no redirect', async () => {
    const target = await listen(ok)
    const { port } = await listen((_request, response) =>
      response.writeHead(302, { location: `http://127.0.0.1:${target.port}/` }).end(),
    )
    expect(
      (await createSafeFetch(localCaller)({ url: `http://127.0.0.1:${port}/`, method: 'POST', body: 'a=1' }))
        .status,
    ).toBe(302)
    expect(target.asked()).toBe(0)
  })

  it('sends the body with its length and gives the answer', async () => {
    const { port } = await listen((request, response) => {
      request.setEncoding('utf8')
      request.on('data', (text) => response.end(`${request.headers['content-length']}:${text}`))
    })
    const answer = await createSafeFetch(localCaller)({
      url: `http://127.0.0.1:${port}/`,
      method: 'POST',
      body: 'ä=1',
    })
    expect(answer.body).toBe('4:ä=1')
  })

  it('gives up on an answer that is too large', async () => {
    const { port } = await listen((_request, response) => response.end('x'.repeat(5_000)))
    const call = createSafeFetch(localCaller)({
      url: `http://127.0.0.1:${port}/`,
      method: 'GET',
      maxBytes: 1_000,
    })
    await expect(call).rejects.toThrow(/larger than 1000 bytes/)
  })

  it('gives up on an answer that does not come, or does not end', async () => {
    const silent = await listen(() => undefined)
    const endless = await listen((_request, response) => response.writeHead(200).write('x'))
    for (const { port } of [silent, endless]) {
      const call = createSafeFetch(localCaller)({
        url: `http://127.0.0.1:${port}/`,
        method: 'GET',
        timeoutMs: 100,
      })
      await expect(call).rejects.toThrow(/abort|timeout/i)
    }
  })

  it('calls nothing but http and https', async () => {
    await expect(createSafeFetch(localCaller)({ url: 'file:///etc/passwd', method: 'GET' })).rejects.toThrow(
      /Only http and https/,
    )
  })
})
