import { createServer, type RequestListener, type Server } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { runPaced } from '../../benchmarks/src/measure/paced.ts'
import type { PacedLoad } from '../../benchmarks/src/row.ts'

describe('requests at a pace', () => {
  const servers: Server[] = []
  afterEach(() => {
    for (const server of servers.splice(0)) server.close().closeAllConnections()
  })

  const serve = async (listener: RequestListener): Promise<PacedLoad> => {
    const server = createServer(listener)
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    return { url: `http://127.0.0.1:${port}/`, method: 'POST', headers: {}, body: 'a=b', perSecond: 100 }
  }

  it('do not wait for the answers of the earlier ones', async () => {
    const held: (() => void)[] = []
    // Nobody is answered before all have asked.
    const load = await serve((_request, response) => {
      held.push(() => response.end())
      if (held.length === 20) for (const answer of held) answer()
    })
    expect(await runPaced(load, 0.2)).toMatchObject({ requests: 20, badStatus: 0, socketErrors: 0 })
  })

  it('count what is refused and what breaks', async () => {
    let turn = 0
    const load = await serve((_request, response) => {
      turn += 1
      if (turn % 4 === 0) response.destroy()
      else response.writeHead(turn % 2 === 0 ? 503 : 200).end()
    })
    expect(await runPaced(load, 0.2)).toMatchObject({ requests: 20, badStatus: 5, socketErrors: 5 })
  })

  it('do not wait for ever for an answer that does not come, or not to its end', async () => {
    let turn = 0
    const load = await serve((_request, response) => {
      turn += 1
      if (turn % 4 === 0) return
      if (turn % 4 === 1) response.write('the beginning')
      else response.end()
    })
    expect(await runPaced(load, 0.2, 100)).toMatchObject({ requests: 20, badStatus: 0, socketErrors: 10 })
  })
})
