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
import { mergeResults, outdated, type Surroundings } from '../../benchmarks/src/results.ts'
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
      { against: 'peer', atLeast: 2, ratio: 2, outcome: 'holds' },
    ])
    expect(verdictsOf(measured([199], [100]))).toMatchObject([{ ratio: 1.99, outcome: 'missed' }])
  })

  it('compares turns that followed one another: a machine that slows down slows both', () => {
    const slowing = measured([400, 200, 100], [200, 100, 50])
    expect(verdictsOf(slowing)).toMatchObject([{ ratio: 2, outcome: 'holds' }])
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
    expect(latency(30)).toMatchObject([{ ratio: 3, outcome: 'holds' }])
    expect(latency(31)).toMatchObject([{ ratio: 3.1, outcome: 'missed' }])
  })

  it('is neither held nor missed where the other was not measured', () => {
    const alone = row([contender('Doorward', [round(1)]), contender('peer', [], { missing: 'not here' })])
    expect(verdictsOf(alone)).toMatchObject([{ ratio: null, outcome: 'not measured' }])
    expect(rowHolds(alone)).toBe(true)
  })

  it('does not count in a row with a bad answer, whoever gave it', () => {
    const bad = row([contender('Doorward', [round(900)]), contender('peer', [round(100, { badStatus: 1 })])])
    expect(problemsOf(bad)).toEqual(['peer: 1 answers were bad'])
    expect(rowHolds(bad)).toBe(false)
    expect(verdictsOf(bad)).toMatchObject([{ outcome: 'not valid' }])
    expect(rowHolds(measured([900], [100]))).toBe(true)
    expect(rowHolds(measured([100], [100]))).toBe(false)
  })

  it.each([
    ['Doorward', 900],
    ['peer', 900],
    ['peer', 100],
  ])('is noisy where %s shared its core, with a ratio of %d as any other', (name, ours) => {
    const turn = (who: string, requests: number) =>
      contender(who, [round(requests), round(requests, { othersShare: who === name ? 0.06 : 0 })])
    const noisy = row([turn('Doorward', ours), turn('peer', 100)])
    expect(verdictsOf(noisy)).toMatchObject([{ ratio: ours / 100, outcome: 'noisy' }])
    expect(rowHolds(noisy)).toBe(false)
  })

  it('is not noisy because another contender of the row was', () => {
    const contenders = [
      contender('Doorward', [round(900)]),
      contender('peer', [round(100)]),
      contender('third', [round(100, { othersShare: 0.5 })]),
    ]
    expect(verdictsOf(row(contenders))).toMatchObject([{ outcome: 'holds' }])
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

  const made = (id: string, other: Partial<Surroundings>) =>
    row([], { id, surroundings: { ...row([]).surroundings, ...other } })

  it('measured group by group on one machine, of one commit, are one set, whatever the hour', () => {
    const groups = [made('a', { measuredAt: '2026-11-24T10:00:00.000Z' }), made('b', { rounds: 5 })]
    expect(outdated({ rows: [...groups, made('c', { measuredAt: '2026-11-25T23:00:00.000Z' })] })).toEqual(
      new Set(),
    )
  })

  it.each([
    ['commit', { revision: 'fedcba987654' }],
    ['processor', { cpu: 'Another processor' }],
    ['machine', { kernel: '6.2.0' }],
    ['Node', { node: '24.22.0' }],
  ] as const)('of another %s than the newest row are outdated', (_, other) => {
    const old = made('old', { ...other, measuredAt: '2026-11-23T10:00:00.000Z' })
    expect(outdated({ rows: [old, made('new', {})] })).toEqual(new Set([old]))
    const [young, newer] = [
      made('young', {}),
      made('newer', { ...other, measuredAt: '2026-11-25T10:00:00Z' }),
    ]
    expect(outdated({ rows: [newer, young] })).toEqual(new Set([young]))
  })
})
