import { ENDPOINT_PATHS } from '@doorward/core/messages'
import { describe, expect, it } from 'vitest'
import { ROUTES, routePaths } from '../../src/http/routes.ts'

describe('the route table', () => {
  it('has each address once, and every one that discovery names', () => {
    const paths: readonly string[] = ROUTES.map(({ path }) => path)
    expect(new Set(paths).size).toBe(paths.length)
    expect(paths).toEqual(expect.arrayContaining(Object.values(ENDPOINT_PATHS)))
  })

  it('opens CORS for what anybody may read, and for what scripts of clients call', () => {
    const open = (policy: string) => ROUTES.filter(({ cors }) => cors === policy).map(({ name }) => name)
    expect(open('any')).toEqual(['openidConfiguration', 'authorizationServer', 'jwks'])
    expect(open('clients')).toEqual(['token', 'revoke', 'userinfo', 'connectionToken'])
  })

  it('is a list of paths for frameworks, with the address of RFC 8414 §3.1 under a path', () => {
    expect(routePaths('')).toEqual(ROUTES.map(({ path }) => path))
    expect(routePaths('/auth')).toEqual([
      ...ROUTES.map(({ path }) => `/auth${path}`),
      '/.well-known/oauth-authorization-server/auth',
    ])
  })
})
