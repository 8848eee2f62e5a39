import { availableParallelism } from 'node:os'
import type { Gauge, Reading } from '../../row.ts'
import { requestOnce } from '../verify-token.ts'
import { checkToken, makeClient, tokenRequest } from './client-credentials.ts'
import { dataFolder, runCommand } from './command-line.ts'
import { serve } from './server.ts'

/** Every core of the machine, as when a user starts it: the harness itself keeps to one. */
const ALL_CORES = Array.from({ length: availableParallelism() }, (_, core) => core)

/** How long a user waits from `doorward start` to the first access token. */
export const startToFirstToken: Omit<Gauge, 'id' | 'group' | 'title' | 'atMost'> = {
  note:
    'From the start of the process on an empty data folder to its ready line, to its answer with the keys, and from a client’s first request ' +
    'to its access token. In between the command line makes that client: not counted, and the server is stopped meanwhile.',
  unit: 's',
  rounds: 5,
  measure,
}

async function measure(): Promise<Reading> {
  const place = dataFolder()
  const [server, ready] = await timed(() => serve({ cpu: ALL_CORES, place }))
  try {
    const { issuer, pid } = server
    const [, keys] = await timed(() =>
      requestOnce({ url: `${issuer}/oauth/jwks`, method: 'GET', headers: {} }),
    )
    // Stopped, so that it gets no time to finish what a user who already has a client would wait for.
    process.kill(pid, 'SIGSTOP')
    const client = await makeClient({ command: (words) => runCommand(place, words) }, 'ES256')
    process.kill(pid, 'SIGCONT')
    const [, token] = await timed(() => checkToken(tokenRequest(server, client), 'ES256'))
    return { value: ready + keys + token, parts: { ready, keys, token } }
  } finally {
    await server.stop()
  }
}

/** What `work` gives, and the seconds it takes. */
async function timed<Result>(work: () => Promise<Result>): Promise<readonly [Result, number]> {
  const from = performance.now()
  const result = await work()
  return [result, (performance.now() - from) / 1000]
}
