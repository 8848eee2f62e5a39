import { describe, expect, it } from 'vitest'
import { type Asset, assetUrl, createAssets, respondAsset } from '../../src/pages/assets.ts'
import { frame } from './samples.ts'

const find = (
  accent: string,
  path: '/assets/theme.css' | '/assets/doorward.css' | '/assets/mark.svg',
): Asset => {
  const asset = createAssets({ accent }).get(path)
  if (asset === undefined) throw new Error(`no ${path}`)
  return asset
}
const css = find('#1f6f54', '/assets/doorward.css')
const ask = (url: string, headers: Record<string, string> = {}) =>
  respondAsset(css, new Request(`https://id.example.com${url}`, { headers }))

describe('createAssets', () => {
  it('changes the theme and the mark with the accent, and their versions with them', () => {
    for (const path of ['/assets/theme.css', '/assets/mark.svg'] as const) {
      expect(find('#1f6f54', path).version).not.toBe(find('#7a1f6f', path).version)
    }
    expect(find('#7a1f6f', '/assets/doorward.css').version).toBe(css.version)
  })

  it('lets no accent break out of the mark', () => {
    expect(find('"/><script>', '/assets/mark.svg').body).not.toContain('<script')
  })

  it('is made once for one branding', () => {
    expect(createAssets(frame.branding)).toBe(createAssets(frame.branding))
  })
})

describe('assetUrl', () => {
  it('lies under the issuer’s path and names the version', () => {
    expect(assetUrl({ ...frame, basePath: '/auth' }, '/assets/doorward.css')).toBe(
      `/auth/assets/doorward.css?v=${css.version}`,
    )
  })
})

describe('respondAsset', () => {
  it('may be kept for ever under its version (RFC 8246 §2)', async () => {
    const response = ask(`/assets/doorward.css?v=${css.version}`)
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(response.headers.get('content-type')).toBe('text/css; charset=utf-8')
    expect(await response.text()).toBe(css.body)
  })

  it.each(['/assets/doorward.css', '/assets/doorward.css?v=old'])('is revalidated under %s', (url) => {
    expect(ask(url).headers.get('cache-control')).toBe('no-cache')
  })

  it.each([css.etag, `"other", W/${css.etag}`])(
    'answers 304 to If-None-Match: %s (RFC 9110 §13.1.2)',
    (tags) => {
      const response = ask('/assets/doorward.css', { 'if-none-match': tags })
      expect(response.status).toBe(304)
      expect(response.headers.get('etag')).toBe(css.etag)
      expect(response.body).toBeNull()
    },
  )
})
