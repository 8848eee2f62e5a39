import { describe, expect, it } from 'vitest'
import { everyPage } from '../../../src/cli/wire/pages.ts'

const all = Array.from({ length: 1_203 }, (_, index) => ({ id: String(index).padStart(5, '0') }))

/** A list as storage gives it: ordered by id, behind one of them, so many at most. */
const read = async ({ after, limit }: { after: string | null; limit: number }) =>
  all.filter(({ id }) => after === null || id > after).slice(0, limit)

describe('everyPage', () => {
  it('reads on until the end', async () => {
    expect(await everyPage(read, {})).toEqual(all)
  })

  it.each([[1], [499], [500], [501], [1_203], [5_000]])('stops after %d', async (limit) => {
    expect(await everyPage(read, { limit })).toEqual(all.slice(0, limit))
  })

  it('begins behind an id', async () => {
    expect(await everyPage(read, { after: '01200' })).toEqual(all.slice(1_201))
  })

  it('answers nothing where there is nothing', async () => {
    expect(await everyPage(async () => [], {})).toEqual([])
  })
})
