import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAudit } from '../../packages/server/src/audit/log.ts'
import { parseConfig } from '../../packages/server/src/config/parse.ts'
import { createHandlers } from '../../packages/server/src/handlers.ts'
import { createApp } from '../../packages/server/src/http/app.ts'
import { bindRoutes } from '../../packages/server/src/http/routes.ts'
import { createPasswords } from '../../packages/server/src/identity/passwords.ts'
import { openKeyring } from '../../packages/server/src/keys/keyring.ts'
import { createSecrets } from '../../packages/server/src/keys/secrets.ts'
import { createClientManagement } from '../../packages/server/src/management/clients.ts'
import { createUserManagement } from '../../packages/server/src/management/users.ts'
import { fetchHandler } from '../../packages/server/src/mounting/fetch.ts'
import { openStorage } from '../../packages/server/src/storage/open.ts'
import { createUpstreams } from '../../packages/server/src/upstream/providers.ts'
import { createPkce, encode, type Parameters } from '../support/flow.ts'

const issuer = 'http://localhost:4000'

/** Stops commits at will: `reached` resolves when one wants to happen, `release` lets it. */
const createGate = () => {
  let opened = Promise.resolve()
  let open = () => {}
  let tell = () => {}
  return {
    around: async (commit: () => void | Promise<void>) => {
      tell()
      await opened
      await commit()
    },
    hold: () => {
      opened = new Promise((resolve) => {
        open = resolve
      })
      return new Promise<void>((resolve) => {
        tell = resolve
      })
    },
    release: () => open(),
  }
}

describe('no answer leaves before its commit: nothing is acknowledged that is not durable', () => {
  const gate = createGate()
  let folder: string
  let close: () => Promise<void>
  let send: (path: string, fields: Parameters) => Promise<Response>
  let user: { email: string; password: string }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'doorward-held-'))
    const config = parseConfig({ issuer })
    const clock = () => Math.floor(Date.now() / 1000)
    const storage = await openStorage({ dataDir: folder }, { aroundCommit: gate.around })
    const secrets = createSecrets(['a secret of this test, long enough to be taken'])
    const base = { config, storage, secrets, clock, audit: createAudit(false) }
    const passwords = createPasswords(config.passwordHash)
    const keyring = await openKeyring(base)
    const origins = { allows: async () => false, onNews: () => undefined }
    const app = createApp(
      { ...base, origins },
      bindRoutes(createHandlers({ ...base, keyring, passwords, upstreams: createUpstreams(base) })),
    )
    user = { email: 'ada@example.com', password: 'a long pass phrase of hers' }
    await createUserManagement({ ...base, passwords }).create(user)
    const client = await createClientManagement(base).create({
      client_name: 'App',
      redirect_uris: ['com.example.app:/callback'],
      token_endpoint_auth_method: 'none',
      first_party: true,
    })
    send = (path, fields) => {
      const body = encode({ client_id: client.client.id, ...fields })
      return fetchHandler(app)(new Request(issuer + path, { method: 'POST', body }), { peer: '127.0.0.1' })
    }
    close = () => storage.close()
  })
  afterAll(async () => {
    await close()
    await rm(folder, { recursive: true, force: true })
  })

  /** Sends while commits are held; the answer must not be there before the commit is let through. */
  const sendHeld = async (path: string, fields: Parameters) => {
    const reached = gate.hold()
    let answered = false
    const answer = send(path, fields).then((response) => {
      answered = true
      return response
    })
    await reached
    // Time enough for an answer that does not wait: a hundred turns of the event loop.
    for (let turns = 0; turns < 100; turns += 1) await new Promise((resolve) => setImmediate(resolve))
    expect(answered, path).toBe(false)
    gate.release()
    return answer
  }

  it('code, tokens, refresh and revocation wait for it', async () => {
    const pkce = createPkce()
    const challenge = { code_challenge: pkce.challenge, code_challenge_method: 'S256' }
    const signedIn = await sendHeld('/oauth/authorize-challenge', {
      ...challenge,
      ...user,
      scope: 'openid offline_access',
    })
    const { authorization_code: code } = await signedIn.json()
    const grant = { grant_type: 'authorization_code', code, code_verifier: pkce.verifier }
    const redeemed = await sendHeld('/oauth/token', grant)
    expect(redeemed.status).toBe(200)
    const { refresh_token: first } = await redeemed.json()
    const renewed = await sendHeld('/oauth/token', { grant_type: 'refresh_token', refresh_token: first })
    expect(renewed.status).toBe(200)
    const { refresh_token: second } = await renewed.json()
    expect((await sendHeld('/oauth/revoke', { token: second })).status).toBe(200)
  })

  it('refusals that are counted wait for it too: a guess that is answered is a guess that counts', async () => {
    const fields = { email: user.email, password: 'not it', scope: 'openid' }
    const challenge = { code_challenge: createPkce().challenge, code_challenge_method: 'S256' }
    const refused = await sendHeld('/oauth/authorize-challenge', { ...fields, ...challenge })
    expect(refused.status).toBe(400)
  })
})
