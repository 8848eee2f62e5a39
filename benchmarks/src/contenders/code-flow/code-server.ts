import { createHash } from 'node:crypto'

/** An authorization server with one client and one person who is signed in, ready to give codes. */
export type CodeServer = {
  readonly pid: number
  readonly clientId: string
  /** `Authorization` of the client. */
  readonly authorization: string
  /** `Cookie` of the person's browser. */
  readonly cookie: string
  readonly authorizeUrl: string
  readonly tokenUrl: string
  readonly introspectUrl: string
  /** `Authorization` of another client, which looks into tokens. */
  readonly introspector: string
  stop(): Promise<void>
}

/** Starts a server whose clients may ask for these scopes. */
export type StartCodeServer = (cpu: number, scope: string) => Promise<CodeServer>

/** Where codes are sent. Nobody listens there: the load reads the redirect. */
export const REDIRECT_URI = 'https://app.example.com/callback'

/** One verifier for all codes: checking it costs the same (RFC 7636 §4). */
export const CODE_VERIFIER = 'the-code-verifier-of-every-code-in-this-benchmark-0'

/** The address that answers with a code. */
export function authorizationRequest(
  { authorizeUrl, clientId }: Pick<CodeServer, 'authorizeUrl' | 'clientId'>,
  parameters: { readonly scope: string; readonly resource: string; readonly prompt?: 'none' },
): string {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: REDIRECT_URI,
    state: 'state-of-the-benchmark',
    ...(parameters.scope.split(' ').includes('openid') ? { nonce: 'nonce-of-the-benchmark' } : {}),
    code_challenge: createHash('sha256').update(CODE_VERIFIER).digest('base64url'),
    code_challenge_method: 'S256',
    ...parameters,
  })
  return `${authorizeUrl}?${query}`
}
