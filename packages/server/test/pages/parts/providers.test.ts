import { describe, expect, it } from 'vitest'
import { providerButtons } from '../../../src/pages/parts/providers.ts'

const some = (count: number) =>
  Array.from({ length: count }, (_, at) => ({
    id: `p${at}`,
    name: `P${at}`,
    brand: null,
    href: `/login/p${at}`,
  }))
const countIn = (page: string) => page.match(/<a /g)?.length ?? 0

describe('providerButtons', () => {
  it.each([
    [1, 1],
    [6, 6],
    [7, 5],
    [20, 5],
  ])('of %d shows %d, the others behind "More ways to sign in"', (count, shown) => {
    const [first = '', rest = ''] = String(providerButtons(some(count))).split('<details')
    expect([countIn(first), countIn(rest)]).toEqual([shown, count - shown])
    expect(rest.includes('More ways to sign in')).toBe(count > shown)
  })
})
