import { execFile } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { LOAD_CORE, SUMMARY } from '../../measure/wrk.ts'
import { formHeaders, WORK } from '../token-work.ts'
import { requestOnce } from '../verify-token.ts'
import { authorizationRequest, CODE_VERIFIER, type CodeServer, REDIRECT_URI } from './code-server.ts'

const run = promisify(execFile)
const SCRIPT = fileURLToPath(new URL('../../load/stock-up.lua', import.meta.url))

/** Lets the signed-in person's browser collect `count` codes into `file`: the authorization endpoint with `prompt=none`. */
export async function stockCodes(
  server: CodeServer,
  scope: string,
  count: number,
  file: string,
): Promise<void> {
  // Codes of an earlier turn are used up.
  rmSync(file, { force: true })
  const url = authorizationRequest(server, { scope, resource: WORK.resource, prompt: 'none' })
  const wrk = ['wrk', '-t1', '-c16', '-d60s', '-s', SCRIPT, url, '--', String(count), file, server.cookie]
  await run('taskset', ['-c', String(LOAD_CORE), ...wrk], { env: { ...process.env, BENCH_SUMMARY: SUMMARY } })
  if (!existsSync(file)) throw new Error(`${count} codes were not collected within a minute`)
}

/** The body of a redemption, but for the code. */
export const redemptionBody = (): string =>
  new URLSearchParams({
    grant_type: 'authorization_code',
    redirect_uri: REDIRECT_URI,
    code_verifier: CODE_VERIFIER,
    resource: WORK.resource,
  }).toString()

/** The token answers to `count` fresh codes. */
export async function redeemSome(
  server: CodeServer,
  scope: string,
  count: number,
  file: string,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  await stockCodes(server, scope, count, file)
  const answers = []
  for (const code of readFileSync(file, 'utf8').trim().split('\n')) {
    const body = `${redemptionBody()}&code=${code}`
    const headers = formHeaders(server.authorization)
    answers.push(await requestOnce({ url: server.tokenUrl, method: 'POST', headers, body }))
  }
  return answers
}
