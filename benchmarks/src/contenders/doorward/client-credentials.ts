import type { Contender, PlainLoad } from '../../row.ts'
import { basic, clientCredentialsBody, formHeaders, WORK } from '../token-work.ts'
import { checkAccessToken, requestOnce } from '../verify-token.ts'
import { startDoorward } from './server.ts'

type Alg = 'ES256' | 'EdDSA' | 'RS256'

/** Doorward with one client and one resource. */
export function doorwardClientCredentials(alg: Alg): Contender {
  return {
    name: 'Doorward',
    kind: 'doorward',
    note: '`doorward start` as published, with its defaults: embedded database on disk, every check, log to a file.',
    async start(cpu) {
      const { server, filled } = await startDoorward(cpu, async ({ command }) => {
        const lifetime = `${WORK.lifetimeSeconds}s`
        await command(
          'resources',
          'create',
          WORK.resource,
          '--scope',
          WORK.scope,
          '--signing-alg',
          alg,
          '--access-token-lifetime',
          lifetime,
        )
        return command(
          'clients',
          'create',
          '--name',
          'Benchmark',
          '--grant',
          'client_credentials',
          '--scope',
          WORK.scope,
        )
      })
      const load: PlainLoad = {
        url: `${server.issuer}/oauth/token`,
        method: 'POST',
        headers: formHeaders(basic(String(filled.client_id), String(filled.client_secret))),
        body: clientCredentialsBody(),
      }
      return {
        pids: [server.pid],
        load,
        async verify() {
          checkAccessToken((await requestOnce(load)).access_token, alg)
        },
        stop: server.stop,
      }
    },
  }
}
