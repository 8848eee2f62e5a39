import { describe, expect, it } from 'vitest'
import { type Credentials, readToken } from '../src/bearer.ts'

const read = (change: Partial<Credentials>) => {
  const found = readToken({ authorization: 'Bearer a.b.c', repeated: false, url: '/orders', ...change })
  return typeof found === 'string' ? found : `${found.status} ${found.reason}`
}

describe('finding the token, RFC 6750 §2', () => {
  it.each([
    ['Bearer a.b.c', 'a.b.c'],
    ['bearer a.b.c', 'a.b.c'],
    ['BEARER   a.b.c', 'a.b.c'],
    ['Bearer a~b+c/d==', 'a~b+c/d=='],
  ])('%j carries one', (authorization, token) => {
    expect(read({ authorization })).toBe(token)
  })

  it.each([null, '', 'Basic dTpw', 'DPoP a.b.c', 'Bearerx a.b.c', 'Bearer-Token a.b.c', 'a.b.c'])(
    '%j carries none: other schemes are not ours to judge, §3.1',
    (authorization) => {
      expect(read({ authorization })).toBe('401 token_missing')
    },
  )

  it.each(['Bearer', 'Bearer ', 'Bearer\t', 'Bearer a b', 'Bearer a.b.c, Bearer d.e.f', 'Bearer a,b'])(
    '%j is malformed',
    (authorization) => {
      expect(read({ authorization })).toBe('400 authorization_malformed')
    },
  )

  it('two headers are refused, also where both say the same', () => {
    expect(read({ repeated: true })).toBe('400 token_repeated')
  })

  it.each([
    '/orders?access_token=a.b.c',
    '/orders?page=1&access_token=',
    '/orders?access_token',
    '/orders?access%5Ftoken=a.b.c',
    '/orders?%61%63%63%65%73%73_token=a',
    'https://api.example/orders?x=1&access_token=a',
    '/orders?a?access_token=x&access_token=y',
  ])('a token in the query string is refused, even beside a good one: %s', (url) => {
    expect(read({ url })).toBe('400 token_in_query')
    expect(read({ url, authorization: null })).toBe('400 token_in_query')
  })

  it.each([
    '/orders?q=access',
    '/orders?my_access_token=1',
    '/orders?q=%20',
    '/access_token',
    '/orders?',
    '/a?q=access_token',
  ])('a query string without one is not: %s', (url) => {
    expect(read({ url })).toBe('a.b.c')
  })
})
