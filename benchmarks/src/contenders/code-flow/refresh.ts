import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Contender, Running } from '../../row.ts'
import { temporaryFolder } from '../../temporary-folder.ts'
import { formHeaders, WORK } from '../token-work.ts'
import { checkAccessToken, checkIdToken, requestOnce } from '../verify-token.ts'
import type { CodeServer, StartCodeServer } from './code-server.ts'
import { redeemSome } from './stock.ts'

type Named = Pick<Contender, 'name' | 'kind' | 'note'>

/** Far more chains than connections, so that a token waits a while before its turn, as a real one does. */
const CHAINS = 256

const refreshBody = (): string =>
  new URLSearchParams({ grant_type: 'refresh_token', resource: WORK.resource }).toString()

/** Rotates refresh tokens: each request brings the token of an earlier answer. With `openid` comes an ID token. */
export function refresh(
  named: Named,
  startServer: StartCodeServer,
  kind: 'access-only' | 'with-id-token',
): Contender {
  const scope = kind === 'access-only' ? WORK.scope : `openid ${WORK.scope}`
  return {
    ...named,
    async start(cpu): Promise<Running> {
      const server = await startServer(cpu, scope)
      const folder = temporaryFolder('chains')
      const [codes, chains] = [join(folder.path, 'codes'), join(folder.path, 'chains')]
      return {
        pids: [server.pid],
        load: {
          url: server.tokenUrl,
          script: fileURLToPath(new URL('../../load/refresh.lua', import.meta.url)),
          args: [chains, server.authorization, refreshBody()],
        },
        verify: async () => {
          const [answer] = await redeemSome(server, scope, 1, codes)
          await checkRefresh(server, String(answer?.refresh_token), kind)
        },
        // The answers under way when a turn ends are lost, and their chains with them: each turn has its own.
        async prepare() {
          const answers = await redeemSome(server, scope, CHAINS, codes)
          writeFileSync(chains, answers.map(({ refresh_token }) => `${refresh_token}\n`).join(''))
        },
        async stop() {
          await server.stop()
          folder.remove()
        },
      }
    },
  }
}

async function checkRefresh(
  server: CodeServer,
  token: string,
  kind: 'access-only' | 'with-id-token',
): Promise<void> {
  const headers = formHeaders(server.authorization)
  const request = { url: server.tokenUrl, method: 'POST', headers } as const
  const answer = await requestOnce({ ...request, body: `${refreshBody()}&refresh_token=${token}` })
  checkAccessToken(answer.access_token, 'ES256')
  if (kind === 'with-id-token') checkIdToken(answer.id_token, server.clientId)
  if (kind === 'access-only' && answer.id_token !== undefined) throw new Error('an ID token nobody asked for')
  if (typeof answer.refresh_token !== 'string' || answer.refresh_token === token)
    throw new Error('no rotation')
}
