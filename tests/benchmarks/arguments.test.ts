import { describe, expect, it } from 'vitest'
import { HELP, parseArguments, UsageError } from '../../benchmarks/src/arguments.ts'
import { GROUPS } from '../../benchmarks/src/row.ts'
import { GAUGES, PLAN, ROWS } from '../../benchmarks/src/rows/index.ts'

const parse = (...words: readonly string[]) => parseArguments(words, ['refresh', 'introspection'])

describe('npm run bench', () => {
  it('takes three rounds of four seconds after six to warm up, over 32 connections', () => {
    expect(parse()).toEqual({
      groups: [],
      only: [],
      rounds: 3,
      seconds: 4,
      warmUpSeconds: 6,
      quick: false,
      connections: 32,
      stores: null,
      kept: false,
      help: false,
    })
  })

  it('takes groups, rows and other lengths', () => {
    const asked = parse('token', 'guard', '--only', 'refresh', '--rounds', '5', '--seconds', '10')
    expect(asked).toMatchObject({ groups: ['token', 'guard'], only: ['refresh'], rounds: 5, seconds: 10 })
    expect(parse('--quick')).toMatchObject({ rounds: 1, seconds: 2, warmUpSeconds: 2 })
    expect(parse('--quick', '--rounds', '2')).toMatchObject({ rounds: 2, seconds: 2 })
  })

  it.each([
    ['tokens', /no group tokens: there is token/],
    ['--only=nothing', /no row nothing: there is refresh, introspection/],
    ['--rounds=0', /--rounds wants a whole number/],
    ['--seconds=1.5', /--seconds wants a whole number/],
    ['--connections=many', /--connections wants a whole number/],
    ['--fast', /--fast/],
  ])('refuses %s as wrong usage', (word, message) => {
    expect(() => parse(word)).toThrow(UsageError)
    expect(() => parse(word)).toThrow(message)
  })

  it('names every group in its help', () => {
    for (const group of GROUPS) expect(HELP).toContain(group)
  })
})

describe('the rows', () => {
  it('have an id each', () => {
    const ids = PLAN.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('come in the order of the groups, with the gauges among them', () => {
    const places = PLAN.map(({ group }) => GROUPS.indexOf(group))
    expect(places).toEqual(places.toSorted((a, b) => a - b))
    expect(PLAN).toHaveLength(ROWS.length + GAUGES.length)
    expect(GAUGES.length).toBeGreaterThan(0)
  })

  it.each(ROWS.map((row) => [row.id, row] as const))(
    '%s: one Doorward, and targets against others in it',
    (_, row) => {
      const names = row.contenders.map(({ name }) => name)
      expect(new Set(names).size).toBe(names.length)
      expect(row.contenders.filter(({ kind }) => kind === 'doorward')).toHaveLength(1)
      const others = row.contenders.filter(({ kind }) => kind !== 'doorward').map(({ name }) => name)
      for (const { against } of row.targets) expect(others).toContain(against)
    },
  )
})
