import { join } from 'node:path'
import type { Contender, PlainLoad, Running } from '../../row.ts'
import { temporaryFolder } from '../../temporary-folder.ts'
import { formHeaders, WORK } from '../token-work.ts'
import { requestOnce } from '../verify-token.ts'
import type { StartCodeServer } from './code-server.ts'
import { redeemSome } from './stock.ts'

type Named = Pick<Contender, 'name' | 'kind' | 'note'>

/** One client asks again and again whether a person's access token, given to another client, is live (RFC 7662). */
export function introspection(named: Named, startServer: StartCodeServer): Contender {
  return {
    ...named,
    async start(cpu): Promise<Running> {
      const server = await startServer(cpu, WORK.scope)
      const folder = temporaryFolder('token')
      const [answer] = await redeemSome(server, WORK.scope, 1, join(folder.path, 'code'))
      folder.remove()
      const load: PlainLoad = {
        url: server.introspectUrl,
        method: 'POST',
        headers: formHeaders(server.introspector),
        body: new URLSearchParams({ token: String(answer?.access_token) }).toString(),
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
