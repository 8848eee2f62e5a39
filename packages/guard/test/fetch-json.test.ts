import { createServer, type RequestListener, type Server } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { fetchJson } from '../src/fetch-json.ts'

let server: Server | null = null

/** Serves one address over real HTTP and fetches it. */
const fetchFrom = async (listener: RequestListener, signal = AbortSignal.timeout(20_000)) => {
  const listening = createServer(listener)
  server = listening
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
  const address = listening.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return fetchJson(fetch, `http://127.0.0.1:${port}/jwks`, signal)
}

afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

describe('fetching a document of the issuer', () => {
  it('reads JSON and how it may be cached', async () => {
    const fetched = await fetchFrom((_request, response) => {
      response.setHeader('Cache-Control', 'max-age=60').end('{"keys":["é"]}')
    })
    expect(fetched).toEqual({ json: { keys: ['é'] }, cacheControl: 'max-age=60' })
  })

  it.each([201, 204, 304, 404, 500, 503])('takes no answer but 200: not %i', async (status) => {
    const fetching = fetchFrom((_request, response) => response.writeHead(status).end())
    await expect(fetching).rejects.toMatchObject({ name: 'IssuerError', reason: 'issuer_unreachable' })
  })

  it('follows no redirect, not even to itself', async () => {
    const fetching = fetchFrom((request, response) => {
      if (request.url === '/jwks') response.writeHead(302, { location: '/other' }).end()
      else response.end('{}')
    })
    await expect(fetching).rejects.toMatchObject({ reason: 'issuer_unreachable' })
  })

  it('follows none either where the given fetch would', async () => {
    const following: typeof fetch = async () => {
      const response = Response.json({})
      Object.defineProperty(response, 'redirected', { value: true })
      return response
    }
    await expect(fetchJson(following, 'https://id.example', AbortSignal.timeout(1000))).rejects.toMatchObject(
      {
        reason: 'issuer_unreachable',
      },
    )
  })

  it('reads at most 512 KiB, also of a body without end', async () => {
    const fetching = fetchFrom((_request, response) => {
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      }
      response.on('drain', more)
      more()
    })
    await expect(fetching).rejects.toMatchObject({ reason: 'issuer_unreadable' })
  })

  it('gives up when the time is over, also in the middle of a body', async () => {
    const over = new AbortController()
    const fetching = fetchFrom((_request, response) => {
      response.write('{"keys":', () => over.abort())
    }, over.signal)
    await expect(fetching).rejects.toMatchObject({ reason: 'issuer_unreachable' })
  })

  it.each(['', '{', '<html>', 'undefined'])('refuses what is no JSON: %j', async (body) => {
    const fetching = fetchFrom((_request, response) => response.end(body))
    await expect(fetching).rejects.toMatchObject({ reason: 'issuer_unreadable' })
  })

  it('says that nobody is there', async () => {
    const nobody: typeof fetch = () => Promise.reject(new TypeError('fetch failed'))
    await expect(fetchJson(nobody, 'https://id.example', AbortSignal.timeout(1000))).rejects.toMatchObject({
      reason: 'issuer_unreachable',
      cause: expect.any(TypeError),
    })
  })
})
