import { randomBytes } from 'node:crypto'
import type { Contender, PlainLoad } from '../../row.ts'
import { startLocalServer } from '../local-server.ts'
import { basic, clientCredentialsBody, formHeaders, type SigningAlg, WORK } from '../token-work.ts'
import { checkAccessToken, requestOnce } from '../verify-token.ts'

/** Bare node:http that does only what cannot be left out of a client_credentials answer. */
export function floorClientCredentials(alg: SigningAlg): Contender {
  return {
    name: 'floor',
    kind: 'floor',
    note: 'Bare node:http: read the form, compare the secret, sign once, answer. No store, no log, no other check.',
    async start(cpu) {
      const [clientId, secret] = ['benchmark', randomBytes(32).toString('base64url')]
      const file = new URL('./servers/client-credentials.ts', import.meta.url)
      const { url, pid, stop } = await startLocalServer(file, cpu, { ...WORK, alg, clientId, secret })
      const load: PlainLoad = {
        url: `${url}/token`,
        method: 'POST',
        headers: formHeaders(basic(clientId, secret)),
        body: clientCredentialsBody(),
      }
      const verify = async () => {
        checkAccessToken((await requestOnce(load)).access_token, alg)
      }
      return { pids: [pid], load, verify, stop }
    },
  }
}
