/** Whatever carries a request's headers: of Express, Fastify, node:http, Hono (the context), or the Fetch standard. */
export type SessionRequest =
  | { readonly headers: Pick<Headers, 'get'> | { readonly cookie?: string | undefined } }
  | { readonly req: { readonly raw: Request } }

/** The Cookie header of a request. */
export function cookieHeaderOf(request: SessionRequest): string | null {
  const { headers } = 'headers' in request ? request : request.req.raw
  // Not by instanceof: some platforms bring a Headers of their own.
  if ('get' in headers && typeof headers.get === 'function') return headers.get('cookie')
  return ('cookie' in headers ? headers.cookie : null) ?? null
}
