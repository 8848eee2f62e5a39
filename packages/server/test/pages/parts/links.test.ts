import { describe, expect, it } from 'vitest'
import { webUrl } from '../../../src/pages/parts/links.ts'

describe('webUrl', () => {
  it.each(['https://example.com/a?b#c', 'http://localhost:3000/'])('lets %s be a link', (address) => {
    expect(webUrl(address)).toBe(address)
  })

  it.each([
    'javascript:alert(1)',
    ' javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'data:text/html,x',
    'com.app:/x',
    '//x',
    '',
  ])('keeps %j out of links', (address) => {
    expect(webUrl(address)).toBeNull()
  })
})
