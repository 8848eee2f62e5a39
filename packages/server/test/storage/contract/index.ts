import { randomToken } from '@doorward/core/crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Storage } from '../../../src/storage/ports.ts'
import { describeAccessTokens } from './access-tokens.ts'
import type { Backend, Place } from './backend.ts'
import { describeClients } from './clients.ts'
import { describeCodes } from './codes.ts'
import { describeCommits } from './commits.ts'
import { describeKeptRequests, describeLimits, describeReplays } from './guards.ts'
import { describeIdentities } from './identities.ts'
import { describeKeys } from './keys.ts'
import { describeOutbox } from './outbox.ts'
import { describeRefreshTokens } from './refresh-tokens.ts'
import { describeRemembered } from './remembered.ts'
import { describeResources, describeRoles } from './resources-roles.ts'
import { NOW, signIn } from './samples.ts'
import { describeSessions } from './sessions.ts'
import { describeStarts } from './starts.ts'
import { describeSweep } from './sweep.ts'
import { describeUsers } from './users.ts'

/** What every database must do, tried on two storages over one place. */
export function describeContract(backend: Backend): void {
  describe(`storage on ${backend.name}`, () => {
    let place: Place
    let storage: Storage
    let other: Storage
    beforeAll(async () => {
      place = await backend.createPlace()
      ;[storage, other] = [await place.open(), await place.open()]
    })
    afterAll(async () => {
      await Promise.all([storage.close(), other.close()])
      await place.remove()
    })
    const given = () => ({ storage, other })

    describeUsers(given)
    describeIdentities(given)
    describeClients(given)
    describeResources(given)
    describeRoles(given)
    describeSessions(given)
    describeCodes(given)
    describeRefreshTokens(given)
    describeAccessTokens(given)
    describeReplays(given)
    describeLimits(given)
    describeKeptRequests(given)
    describeOutbox(given)
    describeRemembered(given, backend.shows)
    describeConsents(given)
    describeKeys(backend)
    describeSweep(backend)
    describeCommits(backend)
    describeStarts(backend)
  })
}

function describeConsents(given: () => { readonly storage: Storage; readonly other: Storage }): void {
  describe('consents', () => {
    it('are remembered per user, client, resource and scope, and only grow', async () => {
      const { storage, other } = given()
      const { user, client } = await signIn(storage)
      const another = await signIn(storage)
      const scope = `s-${randomToken(4)}`
      await storage.consents.remember(user.id, client.id, [{ resource: 'b', scope }], NOW)
      await other.consents.remember(
        user.id,
        client.id,
        [
          { resource: 'b', scope },
          { resource: 'a', scope },
        ],
        NOW + 1,
      )
      expect(await storage.consents.find(user.id, client.id)).toEqual([
        { resource: 'a', scope },
        { resource: 'b', scope },
      ])
      expect(await storage.consents.find(user.id, another.client.id)).toEqual([])
      expect(await storage.consents.find(another.user.id, client.id)).toEqual([])
    })
  })
}
