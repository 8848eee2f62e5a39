import { describe, expect, it } from 'vitest'
import { parseProcessStatus } from '../../benchmarks/src/measure/gauge.ts'
import { chart } from '../../benchmarks/src/report/chart.ts'
import { gaugeTable, gaugeVerdict } from '../../benchmarks/src/report/gauge.ts'
import { isGauge, mergeResults } from '../../benchmarks/src/results.ts'
import { contender, gauge, round, row } from './measurements.ts'

describe('a gauge', () => {
  it.each([
    [[0.5], { value: 0.5, reached: 2, holds: true }],
    [[1], { value: 1, reached: 1, holds: true }],
    [[0.9, 4, 1.25], { value: 1.25, reached: 0.8, holds: false }],
  ])('of %j is judged by the median and its limit', (values, verdict) => {
    expect(gaugeVerdict(gauge(values))).toEqual(verdict)
  })

  it('shows its value, its limit, each reading with its parts, and what was counted', () => {
    const readings = [{ value: 0.4321, parts: { ready: 0.4, token: 0.0321 } }]
    expect(gaugeTable(gauge([], { readings })).split('\n')).toEqual([
      'a start  (start)',
      '  Doorward 0.432 s, at most 1 s: holds',
      '  0.432 s (ready 0.400 s, token 0.032 s)',
      '  from here to there',
      '  measured 2026-11-24 10:00 UTC at 0123456789ab, A processor, 2 cores, Linux 6.1.0, Node 24.21.0',
    ])
    const memory = gauge([130.04], { unit: 'MB', atMost: 120 })
    expect(gaugeTable(memory)).toContain('Doorward 130.0 MB, at most 120 MB: missed')
  })

  it('stands in the chart as the part of its limit that is reached', () => {
    const svg = chart({
      rows: [gauge([2]), row([contender('Doorward', [round(300)]), contender('peer', [round(100)])])],
    })
    expect(svg).toContain('1 of 2 targets reached')
    expect(svg).toContain('a start: 2.000 s, target at most 1 s, missed.')
    expect(svg).toContain('2.000 s <tspan class="small">of at most 1</tspan>')
    const mark = Number(svg.match(/<path class="mark" d="M([\d.]+) /)?.[1])
    const [, start, width] = (svg.match(/<rect class="missed" x="(\d+)"[^>]* width="([\d.]+)"/) ?? []).map(
      Number,
    )
    expect(width).toBeCloseTo((mark - (start ?? 0)) / 2, 0)
  })

  it('is kept beside the rows and told apart from them', () => {
    const { rows } = mergeResults({ rows: [row([]), gauge([2])] }, [gauge([0.5])], ['start', 'work'])
    expect(rows.map(isGauge)).toEqual([true, false])
    expect(rows[0]).toMatchObject({ readings: [{ value: 0.5 }] })
  })
})

describe('the memory of a process', () => {
  it('is read in megabytes, not in the kibibytes that the kernel counts', () => {
    const status = 'Name:\tnode VmRSS: 7 kB\nVmHWM:\t  150000 kB\nVmRSS:\t  100000 kB\nRssAnon:\t 1 kB\n'
    expect(parseProcessStatus(status)).toEqual({ resident: 102.4, peak: 153.6 })
  })

  it('is not guessed', () => {
    expect(() => parseProcessStatus('Name:\tnode\n')).toThrow('has no VmRSS')
  })
})
