import { BoundedMap } from '../memory/bounded-map.ts'
import type { Clients, Outbox, Resources, Roles, Storage } from './ports.ts'
import type { Client, OutboxEntry, Resource } from './records.ts'

const MAX_CLIENTS = 1_000
const MAX_HOLDERS = 10_000
/** Four news in a row that did not come: a hanging connection. Until they come again nothing is remembered. */
const MAX_SILENCE_MS = 2_000

type Authority = Awaited<ReturnType<Roles['of']>>

/** A storage that remembers registrations, and how it hears that others have changed them. */
export type RememberingStorage = {
  readonly storage: Storage
  /** To be told of each outbox entry. */
  readonly onNews: (entry: Pick<OutboxEntry, 'kind' | 'subject'>) => void
  /** To be told that the outbox has been read, whatever was in it. */
  readonly onHeard: () => void
  /** Drops everything: for news that may have been missed. */
  readonly forget: () => void
}

/**
 * Remembers what every token request asks of clients, resources and roles, until it changes: by a write through
 * this storage at once; by another process as soon as the embedded database shows it, on PostgreSQL with the news
 * (500 ms). What is not there is not remembered: a client that was made a moment ago is found.
 */
export function rememberRegistrations(storage: Storage): RememberingStorage {
  const memory = new Memory(storage.outbox)
  return {
    storage: {
      ...storage,
      clients: rememberedClients(storage.clients, memory),
      resources: rememberedResources(storage.resources, memory),
      roles: rememberedRoles(storage.roles, memory),
    },
    onNews: ({ kind, subject }) => {
      if (kind === 'client') memory.forgetClient(subject)
      else if (kind === 'resource' || kind === 'role') memory.forgetAuthority()
    },
    onHeard: () => memory.hear(),
    forget: () => memory.forgetAll(),
  }
}

/** Every part of it is dropped whole or by key, never mended: what is read next is the truth. */
class Memory {
  readonly clients = new BoundedMap<string, Client>(MAX_CLIENTS)
  readonly authorities = new BoundedMap<string, Authority>(MAX_HOLDERS)
  readonly #outbox: Pick<Outbox, 'changedElsewhere'>
  resources: readonly Resource[] | null = null
  #version = 0
  /** When the outbox was last read, in milliseconds; before the first time nothing is expected of it. */
  #heardAt = Number.POSITIVE_INFINITY

  constructor(outbox: Pick<Outbox, 'changedElsewhere'>) {
    this.#outbox = outbox
  }

  /** To be called before anything is looked up. */
  check(): void {
    if (this.#outbox.changedElsewhere() || performance.now() - this.#heardAt > MAX_SILENCE_MS)
      this.forgetAll()
  }

  hear(): void {
    this.#heardAt = performance.now()
  }

  /** Keeps what `load` finds, unless something was forgotten meanwhile: it may have been read before the change. */
  async keep<T>(load: () => Promise<T>, put: (loaded: T) => void): Promise<T> {
    const version = this.#version
    const loaded = await load()
    if (version === this.#version) put(loaded)
    return loaded
  }

  /** With what its roles allow: another client may be made under the same id. */
  forgetClient(id: string): void {
    this.clients.delete(id)
    this.forgetAuthority()
  }

  forgetAll(): void {
    this.clients.clear()
    this.forgetAuthority()
  }

  /** Resources and what roles allow at them. */
  forgetAuthority(): void {
    this.#version += 1
    this.resources = null
    this.authorities.clear()
  }
}

function rememberedClients(clients: Clients, memory: Memory): Clients {
  return {
    ...clients,
    async find(id) {
      memory.check()
      const known = memory.clients.get(id)
      if (known !== undefined) return known
      return memory.keep(
        () => clients.find(id),
        (client) => {
          if (client !== null) memory.clients.set(id, client)
        },
      )
    },
    setSecret: (id, hash, now) => clients.setSecret(id, hash, now).finally(() => memory.forgetClient(id)),
    delete: (id, now) => clients.delete(id, now).finally(() => memory.forgetClient(id)),
  }
}

function rememberedResources(resources: Resources, memory: Memory): Resources {
  const forget = () => memory.forgetAuthority()
  return {
    ...resources,
    async list() {
      memory.check()
      if (memory.resources !== null) return memory.resources
      return memory.keep(
        () => resources.list(),
        (all) => {
          memory.resources = all
        },
      )
    },
    insert: (resource) => resources.insert(resource).finally(forget),
    delete: (uri, now) => resources.delete(uri, now).finally(forget),
  }
}

function rememberedRoles(roles: Roles, memory: Memory): Roles {
  const forget = () => memory.forgetAuthority()
  return {
    ...roles,
    async of(holder, resource) {
      memory.check()
      const key = `${holder.kind} ${holder.id} ${resource}`
      const known = memory.authorities.get(key)
      if (known !== undefined) return known
      return memory.keep(
        () => roles.of(holder, resource),
        (authority) => memory.authorities.set(key, authority),
      )
    },
    allow: (role, resource, permission, now) => roles.allow(role, resource, permission, now).finally(forget),
    grant: (role, holder, now) => roles.grant(role, holder, now).finally(forget),
    revoke: (role, holder, now) => roles.revoke(role, holder, now).finally(forget),
  }
}
