import { afterEach, describe, expect, it } from 'vitest'
import { listen } from '../../../../tests/support/providers/http.ts'
import { asFetch } from '../../src/outgoing/as-fetch.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

const serve = async (listener: Parameters<typeof listen>[0]): Promise<string> => {
  const { origin, close } = await listen(listener)
  closing.push(close)
  return origin
}
const local = { loopback: true, allowPrivateHosts: [] }

describe('asFetch', () => {
  it('sends method, headers and body, and gives status, headers and body', async () => {
    const origin = await serve(async (request, response) => {
      let body = ''
      for await (const chunk of request) body += chunk
      response.writeHead(201, { 'x-a': 'b' }).end(`${request.method} ${request.headers['x-c']} ${body}`)
    })
    const answer = await asFetch(local)(origin, {
      method: 'POST',
      headers: { 'x-c': 'd' },
      body: new URLSearchParams('e=f'),
    })
    expect([answer.status, answer.headers.get('x-a'), await answer.text()]).toEqual([201, 'b', 'POST d e=f'])
  })

  it('takes an answer without a body', async () => {
    const origin = await serve((_request, response) => response.writeHead(204).end())
    expect((await asFetch(local)(origin)).status).toBe(204)
  })

  it.each([
    [302, 'answer_redirected'],
    [307, 'answer_redirected'],
    [429, 'provider_failed'],
    [500, 'provider_failed'],
    [503, 'provider_failed'],
  ])('takes status %i as %s', async (status, code) => {
    const origin = await serve((_request, response) => response.writeHead(status, { location: '/b' }).end())
    await expect(asFetch(local)(origin)).rejects.toMatchObject({ code })
  })

  it('gives up on what is too large, silent, endless or cut off', async () => {
    const large = await serve((_request, response) => response.end('x'.repeat(101)))
    await expect(asFetch({ ...local, maxBytes: 100 })(large)).rejects.toMatchObject({
      code: 'answer_too_large',
    })
    const silent = await serve(() => undefined)
    const endless = await serve((_request, response) => void response.writeHead(200).write('x'))
    for (const origin of [silent, endless]) {
      await expect(asFetch({ ...local, timeoutMs: 100 })(origin)).rejects.toMatchObject({
        code: 'answer_timed_out',
      })
    }
    const cut = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('x')
      setImmediate(() => response.destroy())
    })
    await expect(asFetch(local)(cut)).rejects.toMatchObject({ code: 'provider_unreachable' })
  })

  it.each([
    ['http://id.example.com', local],
    ['http://localhost:1', { loopback: false, allowPrivateHosts: [] }],
    ['https://127.0.0.1:1', { loopback: false, allowPrivateHosts: [] }],
    ['https://10.0.0.1', local],
    ['ftp://localhost', local],
  ])('does not call %s', async (address, allowed) => {
    await expect(asFetch(allowed)(address)).rejects.toMatchObject({ code: 'address_refused' })
  })

  it('calls a private host that is named, over http too', async () => {
    const origin = await serve((_request, response) => response.end('fine'))
    const named = { loopback: false, allowPrivateHosts: [new URL(origin).host] }
    expect(await (await asFetch(named)(origin)).text()).toBe('fine')
  })
})
