import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../src/config/errors.ts'
import type { IncomingRequest, Reply } from '../../src/http/incoming.ts'
import { openListener } from '../../src/mounting/listener.ts'

const text = (body: string): Reply => ({ status: 200, headers: {}, cookies: [], body })
const hello = { answer: async ({ peer }: IncomingRequest) => text(peer) }

describe('openListener', () => {
  it('takes a free port on both loopback addresses', async () => {
    const listener = await openListener({ host: null, port: 0 })
    listener.serve(hello)
    expect(await (await fetch(`http://127.0.0.1:${listener.port}/`)).text()).toBe('127.0.0.1')
    expect(await (await fetch(`http://[::1]:${listener.port}/`)).text()).toBe('::1')
    await listener.close()
  })

  it('lets requests wait that come before it serves', async () => {
    const listener = await openListener({ host: '127.0.0.1', port: 0 })
    const early = fetch(`http://127.0.0.1:${listener.port}/`)
    const socket = connect(listener.port, '127.0.0.1')
    await once(socket, 'connect')
    socket.destroy()
    listener.serve(hello)
    expect((await early).status).toBe(200)
    await listener.close()
  })

  // Within the 10 seconds that a request under way is given.
  it('cuts requests that wait where it closes before it serves', { timeout: 8_000 }, async () => {
    const listener = await openListener({ host: '127.0.0.1', port: 0 })
    const origin = `http://127.0.0.1:${listener.port}`
    const early = fetch(`${origin}/early`).then(
      () => 'answered',
      () => 'cut',
    )
    const socket = connect(listener.port, '127.0.0.1').on('error', () => undefined)
    await once(socket, 'connect')
    await listener.close()
    expect(await early).toBe('cut')
  })

  it('shares its port with those that share it too, and with nobody else', async () => {
    const first = await openListener({ host: '127.0.0.1', port: 0, shared: true })
    const place = { host: '127.0.0.1', port: first.port }
    const second = await openListener({ ...place, shared: true })
    await expect(openListener(place)).rejects.toThrow(/is taken/)
    await first.close()
    second.serve(hello)
    expect((await fetch(`http://127.0.0.1:${place.port}/`)).status).toBe(200)
    await second.close()
  })

  it('says which port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const address = taken.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const refused = openListener({ host: null, port })
    await expect(refused).rejects.toThrow(ConfigError)
    await expect(refused).rejects.toThrow(`Port ${port} on 127.0.0.1 is taken`)
    taken.close()
  })

  it("says which host is not this machine's", async () => {
    await expect(openListener({ host: '192.0.2.1', port: 0 })).rejects.toThrow(
      /192\.0\.2\.1 cannot be listened on/,
    )
  })

  it('cuts off what is still under way when its time is over, and says how many connections those were', async () => {
    const listener = await openListener({ host: null, port: 0, drainMs: 20 })
    const under = Promise.withResolvers<void>()
    let begun = 0
    listener.serve({
      answer: async () => {
        begun += 1
        if (begun === 2) under.resolve()
        return new Promise(() => undefined)
      },
    })
    const hang = (host: string) => fetch(`http://${host}:${listener.port}/`).catch(() => 'cut off')
    const requests = ['127.0.0.1', '[::1]'].map(hang)
    await under.promise
    expect(await listener.close()).toBe(2)
    expect(await Promise.all(requests)).toEqual(['cut off', 'cut off'])
  })

  it('lets a request end before it closes, and closes what is kept alive', async () => {
    const listener = await openListener({ host: '127.0.0.1', port: 0 })
    const begun = Promise.withResolvers<void>()
    const finish = Promise.withResolvers<void>()
    listener.serve({
      answer: async ({ target }) => {
        if (target === '/slow') {
          begun.resolve()
          await finish.promise
        }
        return text('done')
      },
    })
    const origin = `http://127.0.0.1:${listener.port}`
    await (await fetch(`${origin}/quick`)).text()
    const slow = fetch(`${origin}/slow`)
    await begun.promise
    const closed = listener.close()
    finish.resolve()
    expect(await (await slow).text()).toBe('done')
    expect(await closed).toBe(0)
    await expect(fetch(`${origin}/late`)).rejects.toThrow(/fetch failed/)
  })
})
