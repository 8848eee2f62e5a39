import { parseClientMetadata } from '@doorward/core'
import { describe, expect, it } from 'vitest'
import { clientOrigins, corsHeaders, originsOf } from '../../src/http/cors.ts'
import type { Client } from '../../src/storage/records.ts'

const client = (id: string, wire: Record<string, unknown>): Client => ({
  id,
  secretHash: null,
  metadata: parseClientMetadata(wire),
  createdAt: 1,
  updatedAt: 1,
})

const publicClient = (id: string, ...uris: readonly string[]): Client =>
  client(id, { token_endpoint_auth_method: 'none', redirect_uris: uris })

/** A client table in memory that counts what is read. */
const table = (...initial: readonly Client[]) => {
  const clients = new Map(initial.map((each) => [each.id, each]))
  const reads = { lists: 0, finds: 0 }
  return {
    clients,
    reads,
    find: async (id: string) => {
      reads.finds += 1
      return clients.get(id) ?? null
    },
    list: async ({ after, limit }: { after: string | null; limit: number }) => {
      reads.lists += 1
      const ids = [...clients.keys()].sort().filter((id) => after === null || id > after)
      return ids.slice(0, limit).flatMap((id) => clients.get(id) ?? [])
    },
  }
}

describe('the origins of clients', () => {
  it.each([
    ['a public client’s redirect URIs', publicClient('a', 'https://app.example/cb'), ['https://app.example']],
    ['not those of app schemes', publicClient('a', 'com.example.app:/cb'), []],
    [
      'not those of a confidential client',
      client('a', { redirect_uris: ['https://app.example/cb'], jwks: undefined }),
      [],
    ],
    [
      'those it names',
      client('a', { redirect_uris: ['https://app.example/cb'], cors_origins: ['https://spa.example'] }),
      ['https://spa.example'],
    ],
  ])('are %s', (_rule, { metadata }, expected) => {
    expect(originsOf(metadata)).toEqual(expected)
  })

  it('are read once, over as many pages as there are', async () => {
    const many = Array.from({ length: 1100 }, (_, index) =>
      publicClient(`c${String(index).padStart(4, '0')}`, `https://app${index}.example/cb`),
    )
    const clients = table(...many)
    const origins = clientOrigins(clients)
    expect(await origins.allows('https://app0.example')).toBe(true)
    expect(await origins.allows('https://app1099.example')).toBe(true)
    expect(await origins.allows('https://other.example')).toBe(false)
    expect(clients.reads).toEqual({ lists: 3, finds: 0 })
  })

  it('follow a client that changes, and leave with the last one that has them', async () => {
    const clients = table(publicClient('a', 'https://x.example/1'), publicClient('b', 'https://x.example/2'))
    const origins = clientOrigins(clients)
    expect(await origins.allows('https://x.example')).toBe(true)
    clients.clients.set('c', publicClient('c', 'https://new.example/'))
    origins.onNews({ kind: 'client', subject: 'c' })
    expect(await origins.allows('https://new.example')).toBe(true)
    for (const [id, left] of [
      ['a', true],
      ['b', false],
    ] as const) {
      clients.clients.delete(id)
      origins.onNews({ kind: 'client', subject: id })
      expect(await origins.allows('https://x.example')).toBe(left)
    }
    expect(clients.reads.lists).toBe(1)
  })

  it('of a client that changes while it is read are read again', async () => {
    const clients = table(publicClient('a', 'https://x.example/1'))
    const origins = clientOrigins({
      ...clients,
      async find(id) {
        const found = await clients.find(id)
        if (!clients.clients.delete(id)) return found
        origins.onNews({ kind: 'client', subject: id })
        return found
      },
    })
    await origins.allows('https://x.example')
    origins.onNews({ kind: 'client', subject: 'a' })
    await origins.allows('https://x.example')
    expect(await origins.allows('https://x.example')).toBe(false)
  })

  it('are read again after a failure', async () => {
    const clients = table(publicClient('a', 'https://x.example/1'))
    let broken = true
    const origins = clientOrigins({
      ...clients,
      list: (page) => (broken ? Promise.reject(new Error('down')) : clients.list(page)),
    })
    await expect(origins.allows('https://x.example')).rejects.toThrow('down')
    broken = false
    expect(await origins.allows('https://x.example')).toBe(true)
  })
})

describe('CORS headers', () => {
  it.each([
    ['any', 'https://x.example', false, { 'Access-Control-Allow-Origin': '*' }],
    ['any', null, false, { 'Access-Control-Allow-Origin': '*' }],
    ['none', 'https://x.example', true, null],
    ['clients', null, false, null],
    ['clients', 'https://x.example', false, { Vary: 'Origin' }],
    [
      'clients',
      'https://x.example',
      true,
      {
        'Access-Control-Allow-Origin': 'https://x.example',
        'Access-Control-Expose-Headers': 'WWW-Authenticate, Retry-After',
        Vary: 'Origin',
      },
    ],
  ] as const)('for %s, origin %s, allowed %s', (policy, origin, allowed, expected) => {
    expect(corsHeaders(policy, origin, allowed)).toEqual(expected)
  })
})
