/** Whatever carries a request's headers: of Express, Fastify, node:http, Hono (the context), or the Fetch standard. */
export type SessionRequest =
  | { readonly headers: Headers | { readonly cookie?: string | undefined } }
  | { readonly req: { readonly raw: Request } }

/** The Cookie header of a request. */
export function cookieHeaderOf(request: SessionRequest): string | null {
  const { headers } = 'headers' in request ? request : request.req.raw
  if (headers instanceof Headers) return headers.get('cookie')
  return headers.cookie ?? null
}
