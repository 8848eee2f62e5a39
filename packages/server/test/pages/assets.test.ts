import { describe, expect, it } from 'vitest'
import { type Asset, assetUrl, createAssets } from '../../src/pages/assets.ts'
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
