import type { Contender, PlainLoad, Running } from '../../row.ts'
import { basic, clientCredentialsBody, formHeaders, type SigningAlg, WORK } from '../token-work.ts'
import { checkAccessToken, requestOnce } from '../verify-token.ts'
import { type DoorwardServer, startDoorward, type Workplace } from './server.ts'
import { DOORWARD, resourceCommand } from './set-up.ts'

/** A client as the command line answers it. */
type CreatedClient = Readonly<Record<string, unknown>>

/** Doorward with one client and one resource. */
export function doorwardClientCredentials(alg: SigningAlg): Contender {
  return {
    ...DOORWARD,
    async start(cpu): Promise<Running> {
      const { server, filled } = await startDoorward(cpu, (workplace) => makeClient(workplace, alg))
      const load = tokenRequest(server, filled)
      const verify = () => checkToken(load, alg)
      return { pids: [server.pid], load, verify, stop: server.stop }
    },
  }
}

/** Makes the resource, and a client that may ask for tokens for it. */
export async function makeClient({ command }: Workplace, alg: SigningAlg): Promise<CreatedClient> {
  await command(resourceCommand(alg))
  const grant = ['--grant', 'client_credentials', '--scope', WORK.scope]
  return command(['clients', 'create', '--name', 'Benchmark', ...grant])
}

/** The client's request for a token. */
export const tokenRequest = (
  { issuer }: Pick<DoorwardServer, 'issuer'>,
  { client_id, client_secret }: CreatedClient,
): PlainLoad => ({
  url: `${issuer}/oauth/token`,
  method: 'POST',
  headers: formHeaders(basic(String(client_id), String(client_secret))),
  body: clientCredentialsBody(),
})

/** Asks for one token and throws unless it is the one that the rows speak of. */
export async function checkToken(request: PlainLoad, alg: SigningAlg): Promise<void> {
  checkAccessToken((await requestOnce(request)).access_token, alg)
}
