import { availableParallelism } from 'node:os'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  collect,
  collectAssignments,
  collectWords,
  formatDuration,
  grantType,
  parseCount,
  parseDuration,
  parsePort,
  parseWorkers,
} from '../../src/cli/values.ts'

describe('options that may be repeated', () => {
  it('collect keeps each as it is', () => {
    expect(collect('b c', collect('a'))).toEqual(['a', 'b c'])
  })

  it('collectWords splits at white space (RFC 6749 §3.3)', () => {
    expect(collectWords('  b  c ', collectWords('a'))).toEqual(['a', 'b', 'c'])
  })

  it('grantType takes those there are', () => {
    expect(grantType('refresh_token', ['authorization_code'])).toEqual([
      'authorization_code',
      'refresh_token',
    ])
    expect(() => grantType('password')).toThrow(/authorization_code/)
  })

  it('collectAssignments splits at the first =, and the last of a name wins', () => {
    const first = collectAssignments('a=b=c')
    expect(collectAssignments('d=', first)).toEqual({ a: 'b=c', d: '' })
    expect(collectAssignments('a=x', first)).toEqual({ a: 'x' })
    expect(() => collectAssignments('a')).toThrow(/name=value/)
    expect(() => collectAssignments('=b')).toThrow(/name=value/)
  })
})

describe('parseWorkers', () => {
  it.each(['1', '2', '64'])('takes %s', (text) => {
    expect(parseWorkers(text)).toBe(Number(text))
  })

  it('auto is one for each core', () => {
    expect(parseWorkers('auto')).toBe(Math.min(availableParallelism(), 64))
  })

  it.each(['', '0', '01', '65', '100', '-2', '1.5', ' 2', 'all'])('refuses %j', (text) => {
    expect(() => parseWorkers(text)).toThrow(/1 to 64, or auto/)
  })
})

describe('parsePort', () => {
  it.each([
    ['0', 0],
    ['4000', 4000],
    ['65535', 65535],
  ])('takes %s', (text, port) => {
    expect(parsePort(text)).toBe(port)
  })

  it.each(['', '-1', '65536', '4e3', ' 80', '0x50', '80.0'])('refuses %j', (text) => {
    expect(() => parsePort(text)).toThrow(/0 to 65535/)
  })
})

describe('parseCount', () => {
  it.each(['0', '-1', '1.5', 'ten', ''])('refuses %j', (text) => {
    expect(() => parseCount(text)).toThrow(/whole number/)
  })
})

describe('parseDuration', () => {
  it.each([
    ['90', 90],
    ['90s', 90],
    ['10m', 600],
    ['1h', 3600],
    ['7d', 604_800],
  ])('reads %s', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds)
  })

  it.each(['', '0', '0h', '-1h', '1.5h', '1w', 'h', '1 h', '1h30m'])('refuses %j', (text) => {
    expect(() => parseDuration(text)).toThrow(/90s, 10m, 1h or 7d/)
  })

  it('reads back what formatDuration writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999_999_999 }), (seconds) => {
        expect(parseDuration(formatDuration(seconds))).toBe(seconds)
      }),
    )
  })
})
