import type { ConnectionInfo } from '../../src/deps.ts'
import { readForm } from '../../src/http/body.ts'
import type { Mountable } from '../../src/mounting/express.ts'

/** Stands for the server: owns two addresses, and answers with what it was given. */
export function echoServer(): Mountable {
  return {
    owns: (pathname) =>
      pathname === '/auth/oauth/token' || pathname === '/.well-known/oauth-authorization-server/auth',
    fetch: async (request, info) => {
      const url = new URL(request.url)
      const form = request.method === 'POST' ? await formOf(request, info) : null
      return Response.json({ method: request.method, path: url.pathname + url.search, peer: info.peer, form })
    },
  }
}

async function formOf(request: Request, { body }: ConnectionInfo): Promise<string> {
  return readForm(request, 65_536, body).then(String, (cause: unknown) => `refused: ${reasonOf(cause)}`)
}

function reasonOf(cause: unknown): unknown {
  return cause instanceof Error && 'reason' in cause ? cause.reason : cause
}

/** A form with a repeated parameter, which must survive the app's parser: OAuth refuses it. */
export const FORM = {
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: 'a=1&b=%C3%A4+x&a=2',
} as const
