import { isLoopbackHost } from '@doorward/core'

/** What is wrong with an issuer identifier, or null (RFC 8414 §2, RFC 9207 §2: compared as a plain string). */
export function issuerProblem(issuer: string): string | null {
  if (!URL.canParse(issuer)) return 'must be an absolute URL, such as https://id.example.com'
  const url = new URL(issuer)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'must be an https URL'
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname)) {
    return 'must be https: plain http is only for localhost, 127.0.0.1 and [::1]. Put a TLS proxy in front and use its https address'
  }
  if (url.username !== '' || url.password !== '') return 'must not hold a user name or password'
  if (issuer.includes('?')) return 'must not have a query (RFC 8414 §2)'
  if (issuer.includes('#')) return 'must not have a fragment (RFC 8414 §2)'
  if (issuer.endsWith('/')) return `must not end in a slash: use ${issuer.replace(/\/+$/, '')}`
  // Clients compare the issuer byte by byte, so only the one spelling that URL parsers keep is taken.
  const canonical = `${url.origin}${url.pathname === '/' ? '' : url.pathname}`
  if (issuer !== canonical) return `must be written in its canonical form: ${canonical}`
  if (/\/\/|%|;/.test(url.pathname)) return 'must have a plain path: no empty segments, escapes or semicolons'
  return null
}

/** The path that the issuer's endpoints live under: '' or '/auth'. */
export function issuerPath(issuer: string): string {
  const { pathname } = new URL(issuer)
  return pathname === '/' ? '' : pathname
}
