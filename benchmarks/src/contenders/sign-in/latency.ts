import { inTurn } from '../../load/in-turn.ts'
import { LOAD_CORE, runWrk } from '../../measure/wrk.ts'
import type { Contender, PacedLoad, Running } from '../../row.ts'
import { DOORWARD } from '../doorward/set-up.ts'
import { startPeopleServer } from '../people/doorward.ts'
import { basic, clientCredentialsBody, formHeaders } from '../token-work.ts'
import { checkAccessToken, requestOnce } from '../verify-token.ts'
import { formRequests, SIGNED_IN } from './index.ts'

const PER_SECOND = 100
/** Seconds of tokens as fast as they come, so that the code under measure is compiled. */
const WARM_UP = { seconds: 3, connections: 32, requests: 0 }

/** A hundred token requests a second while people sign in as fast as the passwords can be hashed. */
export const tokensUnderSignIns: Contender = {
  ...DOORWARD,
  note: `${DOORWARD.note} ${PER_SECOND} client_credentials requests a second, while all other connections sign people in without a pause.`,
  start: (cpu) => startTokens(cpu, 'sign-ins'),
}

/** The same with nobody else there. */
export const tokensIdle: Contender = {
  name: 'idle',
  kind: 'baseline',
  note: `The same server and ${PER_SECOND} requests a second, with nobody signing in.`,
  start: (cpu) => startTokens(cpu, 'nothing'),
}

async function startTokens(cpu: number, meanwhile: 'sign-ins' | 'nothing'): Promise<Running> {
  const server = await startPeopleServer(cpu)
  try {
    const { id, secret } = server.service
    const load: PacedLoad = {
      url: `${server.issuer}/oauth/token`,
      method: 'POST',
      headers: formHeaders(basic(id, secret)),
      body: clientCredentialsBody(),
      perSecond: PER_SECOND,
    }
    const { perSecond, ...asFastAsTheyCome } = load
    await runWrk(asFastAsTheyCome, WARM_UP, LOAD_CORE)
    const signIns = inTurn(await formRequests(server), SIGNED_IN)
    const verify = async () => checkAccessToken((await requestOnce(load)).access_token, 'ES256')
    const stop = async () => {
      await server.stop()
      signIns.remove()
    }
    const beside = meanwhile === 'sign-ins' ? { beside: signIns.load } : {}
    return { pids: [server.pid], load, ...beside, verify, stop }
  } catch (cause) {
    await server.stop()
    throw cause
  }
}
