import { describe, expect, it } from 'vitest'
import {
  figuresOf,
  median,
  othersShare,
  problemsOf,
  ratioOf,
  rowHolds,
  verdictsOf,
} from '../../benchmarks/src/report/verdict.ts'
import { mergeResults } from '../../benchmarks/src/results.ts'
import { contender, round, row } from './measurements.ts'

describe('the figures of a contender', () => {
  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
    [[7], 7],
    [[10, 9], 9.5],
  ])('have the median of %j: %d', (values, middle) => {
    expect(median(values)).toBe(middle)
  })

  it('are medians over its rounds, and the sum of its bad answers', () => {
    const rounds = [
      round(100, { p50Ms: 1, p99Ms: 9, badStatus: 1 }),
      round(400, { cpuSeconds: 2, p50Ms: 2, p99Ms: 8, wrongAnswers: 2 }),
      round(900, { p50Ms: 3, p99Ms: 7, socketErrors: 4 }),
    ]
    expect(figuresOf(contender('peer', rounds))).toEqual({
      perCpuSecond: 200,
      perSecond: 200,
      p50Ms: 2,
      p99Ms: 8,
      bad: 7,
    })
  })

  it('are none where it was not measured', () => {
    expect(figuresOf(contender('peer', [], { missing: 'Flask is not installed' }))).toBeNull()
  })
})

describe('a target', () => {
  const measured = (ours: readonly number[], theirs: readonly number[]) =>
    row([
      contender(
        'Doorward',
        ours.map((requests) => round(requests)),
      ),
      contender(
        'peer',
        theirs.map((requests) => round(requests)),
      ),
    ])

  it('holds from its ratio on', () => {
    expect(verdictsOf(measured([200], [100]))).toEqual([
      { against: 'peer', atLeast: 2, ratio: 2, holds: true },
    ])
    expect(verdictsOf(measured([199], [100]))).toMatchObject([{ ratio: 1.99, holds: false }])
  })

  it('compares turns that followed one another: a machine that slows down slows both', () => {
    const slowing = measured([400, 200, 100], [200, 100, 50])
    expect(verdictsOf(slowing)).toMatchObject([{ ratio: 2, holds: true }])
    expect(
      ratioOf(
        contender('Doorward', [round(90), round(30), round(30)]),
        contender('peer', [round(30), round(10), round(30)]),
      ),
    ).toBe(3)
  })

  it('compares CPU-seconds, not seconds', () => {
    const ours = contender('Doorward', [round(100, { cpuSeconds: 0.5 })])
    expect(verdictsOf(row([ours, contender('peer', [round(100)])]))).toMatchObject([{ ratio: 2 }])
  })

  it('of latency holds up to its ratio', () => {
    const slow = (name: string, p99Ms: number) => contender(name, [round(100, { p99Ms })])
    const targets = [{ against: 'idle', atMost: 3 }]
    const latency = (loaded: number) =>
      verdictsOf(row([slow('Doorward', loaded), slow('idle', 10)], { figure: 'p99Ms', targets }))
    expect(latency(30)).toMatchObject([{ ratio: 3, holds: true }])
    expect(latency(31)).toMatchObject([{ ratio: 3.1, holds: false }])
  })

  it('is neither held nor missed where the other was not measured', () => {
    const alone = row([contender('Doorward', [round(1)]), contender('peer', [], { missing: 'not here' })])
    expect(verdictsOf(alone)).toMatchObject([{ ratio: null, holds: null }])
    expect(rowHolds(alone)).toBe(true)
  })

  it('does not count in a row with a bad answer, whoever gave it', () => {
    const bad = row([contender('Doorward', [round(900)]), contender('peer', [round(100, { badStatus: 1 })])])
    expect(problemsOf(bad)).toEqual(['peer: 1 answers were bad'])
    expect(rowHolds(bad)).toBe(false)
    expect(rowHolds(measured([900], [100]))).toBe(true)
    expect(rowHolds(measured([100], [100]))).toBe(false)
  })

  it('knows the worst that neighbours did to it', () => {
    const noisy = contender('peer', [round(1), round(1, { othersShare: 0.3 })])
    expect(othersShare(row([contender('Doorward', [round(1)]), noisy]))).toBe(0.3)
  })
})

describe('the results', () => {
  const titled = (id: string, title: string) => row([], { id, title })

  it('of a part of the rows take the place of the older of the same id alone, in the order of the rows', () => {
    const older = { rows: [titled('c', 'old'), titled('a', 'old'), titled('gone', 'old')] }
    const merged = mergeResults(older, [titled('a', 'new'), titled('b', 'new')], ['a', 'b', 'c'])
    expect(merged.rows.map(({ id, title }) => `${id} ${title}`)).toEqual(['a new', 'b new', 'c old'])
  })
})
