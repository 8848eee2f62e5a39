import type { Contender, PlainLoad } from '../../row.ts'
import { basic, clientCredentialsBody, formHeaders, type SigningAlg, WORK } from '../token-work.ts'
import { checkAccessToken, requestOnce } from '../verify-token.ts'
import { startDoorward } from './server.ts'
import { DOORWARD, resourceCommand } from './set-up.ts'

/** Doorward with one client and one resource. */
export function doorwardClientCredentials(alg: SigningAlg): Contender {
  return {
    ...DOORWARD,
    async start(cpu) {
      const { server, filled } = await startDoorward(cpu, async ({ command }) => {
        await command(resourceCommand(alg))
        const grant = ['--grant', 'client_credentials', '--scope', WORK.scope]
        return command(['clients', 'create', '--name', 'Benchmark', ...grant])
      })
      const load: PlainLoad = {
        url: `${server.issuer}/oauth/token`,
        method: 'POST',
        headers: formHeaders(basic(String(filled.client_id), String(filled.client_secret))),
        body: clientCredentialsBody(),
      }
      const verify = async () => {
        checkAccessToken((await requestOnce(load)).access_token, alg)
      }
      return { pids: [server.pid], load, verify, stop: server.stop }
    },
  }
}
