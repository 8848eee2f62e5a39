import { describe, expect, it } from 'vitest'
import { compilePaths } from '../../src/handlers/paths.ts'

const DEFAULTS = {
  login: '/login/:provider',
  callback: '/login/:provider/callback',
  logout: '/logout',
  backChannelLogout: '/logout/back-channel/:provider',
}

describe('paths', () => {
  const paths = compilePaths('https://app.example.com', DEFAULTS, null)

  it.each([
    ['/login/google', { kind: 'login', provider: 'google' }],
    ['/login/google/callback', { kind: 'callback', provider: 'google' }],
    ['/logout', { kind: 'logout', provider: null }],
    ['/logout/back-channel/google', { kind: 'backChannelLogout', provider: 'google' }],
    ['/logout/doorward-client.css', { kind: 'style', provider: null }],
  ])('%s', (path, route) => {
    expect(paths.find(path)).toEqual(route)
  })

  it.each(['/', '/login', '/login/', '/login/a/b', '/login/google/callback/', '/logouts', '/a/logout', ''])(
    'leaves %j to the app',
    (path) => {
      expect(paths.find(path)).toBeNull()
    },
  )

  it('lie under the path of the base URL', () => {
    const under = compilePaths('https://example.com/app', DEFAULTS, null)
    expect(under.find('/app/login/google')).toEqual({ kind: 'login', provider: 'google' })
    expect(under.find('/login/google')).toBeNull()
    expect(under.callback('google')).toBe('/app/login/google/callback')
    expect(under.style).toBe('/app/logout/doorward-client.css')
  })

  it('may leave out the provider where there is one', () => {
    const own = compilePaths(
      'https://app.example.com',
      { ...DEFAULTS, login: '/login', callback: '/login/authorized' },
      'github',
    )
    expect(own.find('/login')).toEqual({ kind: 'login', provider: 'github' })
    expect(own.find('/login/authorized')).toEqual({ kind: 'callback', provider: 'github' })
    expect(own.callback('github')).toBe('/login/authorized')
  })

  it('without a parameter come before those with one', () => {
    const own = compilePaths(
      'https://app.example.com',
      { ...DEFAULTS, callback: '/login/authorized' },
      'github',
    )
    expect(own.find('/login/authorized')?.kind).toBe('callback')
    expect(own.find('/login/github')?.kind).toBe('login')
  })
})
