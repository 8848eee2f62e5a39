import { expect, it } from 'vitest'
import { BoundedMap } from '../../src/memory/bounded-map.ts'

it('forgets the oldest entry beyond its limit, and replaces one that is there', () => {
  const map = new BoundedMap<string, number>(2)
  map.set('a', 1)
  map.set('b', 2)
  map.set('a', 3)
  expect([map.get('a'), map.get('b')]).toEqual([3, 2])
  map.set('c', 4)
  expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([undefined, 2, 4])
  map.delete('b')
  map.clear()
  expect([map.get('b'), map.get('c')]).toEqual([undefined, undefined])
})
