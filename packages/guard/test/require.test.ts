import { describe, expect, it } from 'vitest'
import type { Auth } from '../src/auth.ts'
import { decideRequirements, type Requirements } from '../src/require.ts'

const auth: Auth = {
  subject: 'u_1',
  clientId: 'app',
  scopes: ['read', 'write'],
  roles: ['member'],
  permissions: ['orders:write'],
  expiresAt: 0,
  claims: {},
}
const decide = (required: Partial<Requirements>) =>
  decideRequirements(auth, { scopes: [], roles: [], permissions: [], ...required })

describe('what a route requires', () => {
  it('is met by all of it', () => {
    expect(decide({})).toBeNull()
    expect(decide({ scopes: ['write', 'read'], roles: ['member'], permissions: ['orders:write'] })).toBeNull()
  })

  it('is refused with 403 insufficient_scope that names what is missing, RFC 6750 §3.1', () => {
    expect(decide({ scopes: ['read', 'admin', 'delete'] })).toMatchObject({
      status: 403,
      error: 'insufficient_scope',
      reason: 'scope_missing',
      message: 'The token lacks the scope admin, delete.',
      scope: 'read admin delete',
    })
    expect(decide({ roles: ['admin'] })).toMatchObject({
      reason: 'role_missing',
      message: 'The token lacks the role admin.',
      scope: null,
    })
    expect(decide({ permissions: ['orders:read'] })).toMatchObject({
      reason: 'permission_missing',
      message: 'The token lacks the permission orders:read.',
    })
    expect(decide({ scopes: ['x'], roles: ['y'], permissions: ['z'] })?.message).toBe(
      'The token lacks the scope x and the role y and the permission z.',
    )
  })

  it('is compared whole: letter case and parts count', () => {
    expect(decide({ scopes: ['Read'] })).not.toBeNull()
    expect(decide({ scopes: ['rea'] })).not.toBeNull()
    expect(decide({ roles: ['read'] })).not.toBeNull()
  })
})
