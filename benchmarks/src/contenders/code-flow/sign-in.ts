import { createAgent } from '../../../../tests/support/agent.ts'
import { WORK } from '../token-work.ts'
import { authorizationRequest, type CodeServer, REDIRECT_URI } from './code-server.ts'

/** Signs a person in by the server's own pages, and answers the cookies of their browser. */
export async function signIn(
  server: Pick<CodeServer, 'authorizeUrl' | 'clientId'>,
  scope: string,
  form?: Readonly<Record<string, string>>,
): Promise<string> {
  const agent = createAgent()
  const asked = await agent.open(authorizationRequest(server, { scope, resource: WORK.resource }))
  const page = form === undefined ? asked : await agent.submit(asked, form)
  const location = agent.location(page)
  if (location?.startsWith(`${REDIRECT_URI}?`) !== true || !new URL(location).searchParams.has('code')) {
    throw new Error(`no code after signing in: ${page.status} ${location ?? page.text.slice(0, 500)}`)
  }
  return [...agent.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
}
