import { describe, expect, it } from 'vitest'
import { createAssets } from '../../src/pages/assets.ts'
import { ISSUER, startServer } from './support/server.ts'

const css = createAssets({ accent: '#1f6f54' }).get('/assets/doorward.css')
if (css === undefined) throw new Error('no style sheet')

const ask = async (path: string, headers: Record<string, string> = {}): Promise<Response> => {
  const { fetch } = await startServer()
  return fetch(new Request(ISSUER + path, { headers }), '')
}

describe('an asset', () => {
  it('may be kept for ever under its version (RFC 8246 §2)', async () => {
    const response = await ask(`/assets/doorward.css?v=${css.version}`)
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(response.headers.get('content-type')).toBe('text/css; charset=utf-8')
    expect(await response.text()).toBe(css.body)
  })

  it.each(['/assets/doorward.css', '/assets/doorward.css?v=old'])('is revalidated under %s', async (path) => {
    expect((await ask(path)).headers.get('cache-control')).toBe('no-cache')
  })

  it.each([css.etag, `"other", W/${css.etag}`])(
    'answers 304 to If-None-Match: %s (RFC 9110 §13.1.2)',
    async (tags) => {
      const response = await ask('/assets/doorward.css', { 'if-none-match': tags })
      expect(response.status).toBe(304)
      expect(response.headers.get('etag')).toBe(css.etag)
      expect(response.body).toBeNull()
    },
  )

  it('that there is not is 404', async () => {
    expect((await ask('/assets/other.css')).status).toBe(404)
  })
})
