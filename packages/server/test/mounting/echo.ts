import { readForm } from '../../src/http/body.ts'
import type { IncomingRequest } from '../../src/http/incoming.ts'
import { privateJson } from '../../src/http/respond.ts'
import type { Mountable } from '../../src/mounting/fetch.ts'

/** Stands for the server: owns two addresses, and answers with what it was given. */
export function echoServer(): Mountable {
  return {
    owns: (pathname) =>
      pathname === '/auth/oauth/token' || pathname === '/.well-known/oauth-authorization-server/auth',
    answer: async (request) => {
      const { method, target: path, peer } = request
      const form = method === 'POST' ? await formOf(request) : null
      return privateJson({ method, path, peer, form })
    },
  }
}

async function formOf(request: IncomingRequest): Promise<string> {
  return readForm(request, 65_536).then(String, (cause: unknown) => `refused: ${reasonOf(cause)}`)
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
