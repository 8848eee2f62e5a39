import { describe, expect, it } from 'vitest'
import { coreTicks } from '../../benchmarks/src/measure/core-time.ts'
import { parseProcessStat } from '../../benchmarks/src/measure/process-stat.ts'
import { OutOfStock, parseWrkOutput } from '../../benchmarks/src/measure/wrk-output.ts'

describe('what wrk prints', () => {
  const summary =
    'BENCH {"requests":11000,"durationUs":4020000,"status":2,"socket":1,"failures":3,"p50Us":4500,"p99Us":31000}'

  it('is read from the summary line, among whatever else it says', () => {
    const output = `Running 4s test @ http://127.0.0.1/\n  11000 requests in 4.02s, 4.41MB read\n${summary}\nlast\n`
    expect(parseWrkOutput(output)).toEqual({
      requests: 11_000,
      seconds: 4.02,
      badStatus: 2,
      socketErrors: 1,
      wrongAnswers: 3,
      p50Ms: 4.5,
      p99Ms: 31,
    })
  })

  it('is an error that quotes wrk where there is no summary', () => {
    expect(() => parseWrkOutput('unable to connect to 127.0.0.1:1 Connection refused')).toThrow(
      /Connection refused/,
    )
  })

  it('does not count where the load ran out of what its requests use up', () => {
    const short = summary.replace('}', ',"outOfStock":true}')
    expect(() => parseWrkOutput(short)).toThrow(OutOfStock)
    expect(parseWrkOutput(short.replace('true', 'false')).requests).toBe(11_000)
  })

  it('is an error where a figure is no number', () => {
    expect(() => parseWrkOutput(summary.replace('4500', '"fast"'))).toThrow(/p50Us/)
    expect(() => parseWrkOutput(summary.replace('"status":2,', ''))).toThrow(/status/)
  })
})

describe('the CPU time of a process', () => {
  const fields = (user: number, system: number) =>
    `1 77 77 0 -1 4194560 9000 0 3 0 ${user} ${system} 5 6 20 0 11 0 12345 1000000 2000 18446744073709551615`

  it('is user and system time, its own and not that of children it has waited for', () => {
    expect(parseProcessStat(`4242 (node) S ${fields(150, 50)}`)).toEqual({ parent: 1, ticks: 200 })
  })

  it('is found behind a name with blanks and parentheses', () => {
    expect(parseProcessStat(`4242 (a (b) 1 2) S ${fields(150, 50)}`)).toEqual({ parent: 1, ticks: 200 })
  })

  it('is an error for anything else', () => {
    expect(() => parseProcessStat('')).toThrow(/proc/)
    expect(() => parseProcessStat('4242 (node) S 1 77')).toThrow(/proc/)
  })
})

describe('the time of a core', () => {
  const stat = [
    'cpu  30 3 30 900 9 3 3 3 0 0',
    'cpu0 10 1 20 400 5 7 8 2 0 0',
    'cpu1 20 2 10 500 4 0 0 1 0 0',
    'intr 12345',
  ].join('\n')

  it('is what it worked for processes or lost to other machines; idleness and interrupts are not', () => {
    expect(coreTicks(stat, 0)).toBe(10 + 1 + 20 + 2)
    expect(coreTicks(stat, 1)).toBe(20 + 2 + 10 + 1)
  })

  it('is an error where there is no such core', () => {
    expect(() => coreTicks(stat, 7)).toThrow(/core 7/)
  })
})
