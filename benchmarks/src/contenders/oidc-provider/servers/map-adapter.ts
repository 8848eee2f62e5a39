import type { Adapter, AdapterPayload } from 'oidc-provider'

/**
 * oidc-provider's adapter interface over plain Maps. Its built-in memory adapter keeps 1,000 records and forgets the
 * rest, so that a stock of codes would not live; and it walks through all tokens of a grant at each write. This one does
 * neither, which makes the peer as fast as memory can be.
 */
export function createMapAdapter(): (name: string) => Adapter {
  const byGrant = new Map<string, Set<() => void>>()
  return (name) => new MapAdapter(byGrant, name)
}

class MapAdapter implements Adapter {
  readonly #byGrant: Map<string, Set<() => void>>
  readonly #grantable: boolean
  readonly #records = new Map<string, AdapterPayload>()
  readonly #byUid = new Map<string, string>()

  constructor(byGrant: Map<string, Set<() => void>>, name: string) {
    this.#byGrant = byGrant
    this.#grantable = /^(?:AccessToken|AuthorizationCode|RefreshToken)$/.test(name)
  }

  async upsert(id: string, payload: AdapterPayload): Promise<void> {
    this.#records.set(id, payload)
    if (payload.uid !== undefined) this.#byUid.set(payload.uid, id)
    if (!this.#grantable || payload.grantId === undefined) return
    const ends = this.#byGrant.get(payload.grantId) ?? new Set()
    this.#byGrant.set(
      payload.grantId,
      ends.add(() => this.#records.delete(id)),
    )
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    return this.#records.get(id)
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return this.#records.get(this.#byUid.get(uid) ?? '')
  }

  async findByUserCode(): Promise<undefined> {
    return undefined
  }

  async consume(id: string): Promise<void> {
    const payload = this.#records.get(id)
    if (payload !== undefined) payload.consumed = Math.floor(Date.now() / 1000)
  }

  async destroy(id: string): Promise<void> {
    this.#records.delete(id)
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    for (const end of this.#byGrant.get(grantId) ?? []) end()
    this.#byGrant.delete(grantId)
  }
}
