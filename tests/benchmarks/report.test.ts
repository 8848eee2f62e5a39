import { describe, expect, it } from 'vitest'
import { chart } from '../../benchmarks/src/report/chart.ts'
import { keptTable, rowTable } from '../../benchmarks/src/report/table.ts'
import { contender, gauge, round, row } from './measurements.ts'

describe('the table', () => {
  it('shows each contender, and beside it the ratio its target asks for', () => {
    const shown = rowTable(
      row([contender('Doorward', [round(12_345)]), contender('peer', [round(10_000)])]),
    ).split('\n')
    expect(shown[0]).toBe('some work  (work)')
    expect(shown[1]).toMatch(/req\/CPU-s +req\/s +p50 +p99 +bad$/)
    expect(shown[2]).toMatch(/^ {2}Doorward +12,345 +6,173 +4\.00 ms +20\.0 ms +0$/)
    expect(shown[3]).toMatch(
      /^ {2}peer +10,000 +5,000 +4\.00 ms +20\.0 ms +0 {2}Doorward 1\.23 ×, at least 2 ×: missed$/,
    )
    expect(shown[4]).toBe(
      '  measured 2026-11-24 10:00 UTC at 0123456789ab, A processor, 2 cores, Linux 6.1.0, Node 24.21.0',
    )
    expect(shown).toHaveLength(5)
  })

  it('shows a target of latency, and no requests per CPU-second beside it', () => {
    const slow = (name: string, p99Ms: number) => contender(name, [round(1_000, { p99Ms })])
    const latency = { figure: 'p99Ms', targets: [{ against: 'idle', atMost: 3 }] } as const
    const shown = rowTable(row([slow('Doorward', 16), slow('idle', 4)], latency)).split('\n')
    expect(shown[2]).toMatch(/^ {2}Doorward +500 +4\.00 ms +16\.0 ms +0$/)
    expect(shown[3]).toMatch(/ {2}Doorward 4\.00 ×, at most 3 ×: missed$/)
  })

  it('says why a contender is missing, in a place of its own', () => {
    const missing = contender('peer', [], { missing: 'python3-flask is not installed' })
    const shown = rowTable(row([contender('Doorward', [round(10)]), missing]))
    expect(shown).toContain('peer      not measured here: python3-flask is not installed')
  })

  it('says when figures do not count, and when neighbours were loud', () => {
    const bad = contender('peer', [round(10, { badStatus: 3, othersShare: 0.21 })])
    const shown = rowTable(row([contender('Doorward', [round(10)]), bad]))
    expect(shown).toContain('not valid: peer: 3 answers were bad')
    expect(shown).toContain("up to 21 % of the server's core")
    expect(shown).toContain('at least 2 ×: not valid')
  })

  it('says of all that is kept which rows do not compare with the newest', () => {
    const surroundings = {
      ...row([]).surroundings,
      revision: 'fedcba987654',
      measuredAt: '2026-11-23T10:00:00Z',
    }
    const kept = keptTable({ rows: [row([], { title: 'old work', surroundings }), row([])] })
    const [old, newest] = kept.split('\n\n')
    expect(old).toMatch(/^old work.*\n.*\n {2}measured 2026-11-23 10:00 UTC at fedcba987654.*\n {2}older: /)
    expect(newest).not.toContain('older')
    expect(keptTable({ rows: [] })).toBe('Nothing has been measured yet.')
  })
})

describe('the chart', () => {
  const results = {
    rows: [
      row([contender('Doorward', [round(300)]), contender('peer', [round(100)])], {
        title: 'more <work> & "more"',
      }),
      row([contender('Doorward', [round(100)]), contender('peer', [round(100)])], { id: 'other' }),
    ],
  }
  const svg = chart(results)
  const widths = [...svg.matchAll(/<rect class="(holds|missed)"[^>]* width="([\d.]+)"/g)]

  it('has a title and a description that say it all in words', () => {
    expect(svg).toContain('<title id="title">Doorward beside its peers: 1 of 2 targets reached</title>')
    expect(svg).toMatch(
      /<desc id="desc">[^<]*3\.00 × peer, target 2 ×, holds\.[^<]*1\.00 × peer, target 2 ×, missed\./,
    )
    expect(svg).toContain('role="img" aria-labelledby="title desc"')
  })

  it('draws each bar as a part of its target, and the mark where that is reached', () => {
    const mark = Number(svg.match(/<path class="mark" d="M([\d.]+) /)?.[1])
    const start = Number(svg.match(/<rect class="holds" x="(\d+)"/)?.[1])
    expect(widths.map(([, kind]) => kind)).toEqual(['holds', 'missed'])
    const [held, missed] = widths.map(([, , width]) => Number(width))
    expect(missed).toBeCloseTo((mark - start) / 2, 0)
    expect(held).toBeCloseTo((mark - start) * 1.5, 0)
  })

  it('draws a target of latency as the part of it that is reached', () => {
    const slow = (name: string, p99Ms: number) => contender(name, [round(1, { p99Ms })])
    const latency = { figure: 'p99Ms', targets: [{ against: 'idle', atMost: 3 }] } as const
    const drawn = chart({ rows: [row([slow('Doorward', 24), slow('idle', 4)], latency)] })
    const mark = Number(drawn.match(/<path class="mark" d="M([\d.]+) /)?.[1])
    const [, start, width] = (drawn.match(/<rect class="missed" x="(\d+)"[^>]* width="([\d.]+)"/) ?? []).map(
      Number,
    )
    expect(width).toBeCloseTo((mark - (start ?? 0)) / 2, 0)
    expect(drawn).toContain('6.00 × <tspan class="small">of at most 3</tspan>')
  })

  it('leaves out rows whose figures do not count, and contenders that were not measured', () => {
    const bad = contender('peer', [round(1, { wrongAnswers: 1 })])
    const missing = contender('peer', [], { missing: 'not here' })
    const ours = contender('Doorward', [round(1)])
    expect(chart({ rows: [row([ours, bad]), row([ours, missing])] })).toContain('0 of 0 targets')
  })

  it('shows a target that neighbours disturbed as neither held nor missed', () => {
    const noisy = contender('Doorward', [round(900, { othersShare: 0.2 })])
    const drawn = chart({ rows: [row([noisy, contender('peer', [round(100)])])] })
    expect(drawn).toContain('0 of 1 targets reached')
    expect(drawn).toContain('9.00 × peer, target 2 ×, noisy.')
    expect(drawn).toContain('<rect class="noisy"')
    expect(drawn).toContain('of 2, noisy</tspan>')
    expect(drawn).not.toContain('<rect class="holds"')
  })

  it('marks what was measured of another commit or on another machine than the newest', () => {
    const contenders = [contender('Doorward', [round(300)]), contender('peer', [round(100)])]
    const surroundings = {
      ...row([]).surroundings,
      revision: 'fedcba987654',
      measuredAt: '2026-11-23T10:00:00Z',
    }
    const drawn = chart({ rows: [row(contenders, { title: 'old', surroundings }), row(contenders)] })
    expect(drawn).toContain('>old <tspan class="small">older: 2026-11-23, fedcba987654</tspan>')
    expect(drawn).toContain('holds (older: 2026-11-23, fedcba987654).')
    expect([...drawn.matchAll(/<rect class="(holds[^"]*)"/g)].map(([, kind]) => kind)).toEqual([
      'holds older',
      'holds',
    ])
    expect(drawn).toContain('2026-11-24, 0123456789ab. npm run bench')
  })

  it('keeps figures of one meaning together: multiples of requests, of waits, and Doorward alone', () => {
    const contenders = [contender('Doorward', [round(300)]), contender('peer', [round(100)])]
    const wait = {
      id: 'wait',
      title: 'a wait',
      figure: 'p99Ms',
      targets: [{ against: 'peer', atMost: 3 }],
    } as const
    const drawn = chart({ rows: [gauge([0.5]), row(contenders, wait), row(contenders)] })
    const order = [
      'Requests per CPU-second',
      'some work',
      'Latency of 99',
      'a wait',
      'Start and memory',
      'a start',
    ]
    const places = order.map((text) => drawn.indexOf(`>${text}`, drawn.indexOf('</style>')))
    expect(places).toEqual(places.toSorted((one, other) => one - other))
    expect(places).not.toContain(-1)
    expect(chart({ rows: [row(contenders)] })).not.toMatch(/Latency of|Start and memory/)
  })

  it('keeps text apart from markup, and reads in the dark', () => {
    expect(svg).toContain('more &lt;work&gt; &amp; &quot;more&quot;')
    expect(svg).not.toContain('<work>')
    expect(svg).toContain('@media (prefers-color-scheme: dark)')
  })

  it('says where and when it was measured, or that nothing was', () => {
    expect(svg).toContain('A processor, Node 24.21.0, 2026-11-24, 0123456789ab.')
    expect(chart({ rows: [] })).toContain('Nothing has been measured yet.')
  })
})
