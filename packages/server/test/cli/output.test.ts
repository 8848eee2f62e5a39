import { describe, expect, it } from 'vitest'
import { details, moment, plain, table } from '../../src/cli/output.ts'

describe('table', () => {
  it('puts columns under their heads, without spaces at the ends', () => {
    expect(
      table(
        ['id', 'name'],
        [
          ['1', 'Ada'],
          ['22', ''],
        ],
        'none',
      ),
    ).toBe('ID  NAME\n1   Ada\n22')
  })

  it('is the empty state where there is no row', () => {
    expect(table(['id'], [], 'There are none yet.')).toBe('There are none yet.')
  })

  it('lets no value steer the terminal or turn the line around', () => {
    expect(table(['name'], [['\u001b[2Jx\u202e\n']], '')).toBe('NAME\n\u{fffd}[2Jx\u{fffd}\u{fffd}')
  })
})

describe('details', () => {
  it('leaves out what has no value', () => {
    expect(
      details([
        ['id', '1'],
        ['name', null],
        ['roles', ''],
        ['state', 'active'],
      ]),
    ).toBe('id     1\nstate  active')
  })
})

describe('moment', () => {
  it('is in UTC, to the minute', () => {
    expect(moment(1_790_000_000)).toBe('2026-09-21 14:13 UTC')
  })
})

describe('plain', () => {
  it('leaves letters of every script alone', () => {
    expect(plain('Ada Ωμέγα 漢字 שלום 👩‍🚀')).toBe('Ada Ωμέγα 漢字 שלום 👩‍🚀')
  })
})
