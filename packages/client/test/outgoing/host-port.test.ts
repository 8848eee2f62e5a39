import { describe, expect, it } from 'vitest'
import { parseHostPort } from '../../src/outgoing/host-port.ts'

describe('parseHostPort', () => {
  it('writes host and port as URL parsers do', () => {
    expect(parseHostPort('Internal.Example:8443')).toBe('internal.example:8443')
    expect(parseHostPort('[::1]:09000')).toBe('[::1]:9000')
    expect(parseHostPort('10.0.0.5:80')).toBe('10.0.0.5:80')
  })

  it.each([
    '',
    'host',
    'host:',
    'host:0',
    'host:65536',
    ':80',
    '::1:80',
    'a/b:80',
    'user@host:80',
    'host:80:90',
  ])('refuses %s', (text) => {
    expect(parseHostPort(text)).toBeNull()
  })
})
