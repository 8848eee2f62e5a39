import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Contender, Running } from '../../row.ts'
import { temporaryFolder } from '../../temporary-folder.ts'
import { WORK } from '../token-work.ts'
import { checkAccessToken, checkIdToken } from '../verify-token.ts'
import type { StartCodeServer } from './code-server.ts'
import { redeemSome, redemptionBody, stockCodes } from './stock.ts'

type Named = Pick<Contender, 'name' | 'kind' | 'note'>

const SCOPE = `openid ${WORK.scope}`

/** Redeems codes for an access token, a refresh token and an ID token, with PKCE. */
export function redemption(named: Named, startServer: StartCodeServer): Contender {
  return {
    ...named,
    async start(cpu): Promise<Running> {
      const server = await startServer(cpu, SCOPE)
      const folder = temporaryFolder('codes')
      const file = join(folder.path, 'codes')
      return {
        pids: [server.pid],
        load: {
          url: server.tokenUrl,
          script: fileURLToPath(new URL('../../load/redeem.lua', import.meta.url)),
          args: [file, server.authorization, redemptionBody()],
        },
        async verify() {
          const [answer] = await redeemSome(server, SCOPE, 1, file)
          checkAccessToken(answer?.access_token, 'ES256')
          checkIdToken(answer?.id_token, server.clientId)
          if (typeof answer?.refresh_token !== 'string') throw new Error('no refresh token')
        },
        prepare: ({ requests }) => stockCodes(server, SCOPE, requests, file),
        async stop() {
          await server.stop()
          folder.remove()
        },
      }
    },
  }
}
