import { join } from 'node:path'
import type { Contender, PlainLoad, Running } from '../../row.ts'
import { temporaryFolder } from '../../temporary-folder.ts'
import { formHeaders, WORK } from '../token-work.ts'
import { requestOnce } from '../verify-token.ts'
import type { CodeServer, StartCodeServer } from './code-server.ts'
import { redeemSome } from './stock.ts'

type Named = Pick<Contender, 'name' | 'kind' | 'note'>

/** One client asks again and again whether a person's access token, given to another client, is live (RFC 7662). */
export function introspection(named: Named, startServer: StartCodeServer): Contender {
  return {
    ...named,
    async start(cpu): Promise<Running> {
      const server = await startServer(cpu, WORK.scope)
      const token = await tokenOf(server)
      const load: PlainLoad = {
        url: server.introspectUrl,
        method: 'POST',
        headers: formHeaders(server.introspector),
        body: new URLSearchParams({ token }).toString(),
      }
      const verify = async () => {
        const { active, scope, client_id, sub, exp, iat, iss, aud } = await requestOnce(load)
        const told = { active, scope, client_id, aud: [aud].flat().join(' ') }
        const wanted = { active: true, scope: WORK.scope, client_id: server.clientId, aud: WORK.resource }
        if (JSON.stringify(told) !== JSON.stringify(wanted))
          throw new Error(`it says ${JSON.stringify(told)}`)
        if ([sub, exp, iat, iss].includes(undefined)) throw new Error('it leaves out sub, exp, iat or iss')
      }
      return { pids: [server.pid], load, verify, stop: server.stop }
    },
  }
}

/** A person's access token. Where there is none, the server is gone too: it would share its core with the next one. */
async function tokenOf(server: CodeServer): Promise<string> {
  const folder = temporaryFolder('token')
  try {
    const [answer] = await redeemSome(server, WORK.scope, 1, join(folder.path, 'code'))
    if (typeof answer?.access_token !== 'string') throw new Error('no access token')
    return answer.access_token
  } catch (cause) {
    await server.stop()
    throw cause
  } finally {
    folder.remove()
  }
}
