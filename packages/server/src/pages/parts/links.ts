/**
 * The address where it is one that a link may lead to, else null. A registered address could be
 * `javascript:`, which escaping does not defuse.
 */
export function webUrl(address: string | null): string | null {
  if (address === null || !URL.canParse(address)) return null
  const { protocol } = new URL(address)
  return protocol === 'https:' || protocol === 'http:' ? address : null
}
