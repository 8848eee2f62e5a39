/**
 * The floor of a password sign-in: one argon2id hash with Doorward's own cost, off the event loop, as many at once as there
 * are cores. It reads e-mail and password from JSON; it keeps no session, counts no failures and logs nothing.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { availableParallelism } from 'node:os'
import { text } from 'node:stream/consumers'
import { hash, verify } from '@node-rs/argon2'
import { listenLocally, localSettings } from '../../local-settings.ts'
import type { Person } from '../../people/index.ts'

const people = new Map<string, string>()
for (const { email, password } of localSettings<readonly Person[]>()) {
  people.set(email, await hash(password, { memoryCost: 19_456, timeCost: 2, parallelism: 1 }))
}

const waiting: (() => void)[] = []
let free = availableParallelism()

async function inTurn<T>(job: () => Promise<T>): Promise<T> {
  if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve))
  else free -= 1
  try {
    return await job()
  } finally {
    const next = waiting.shift()
    if (next === undefined) free += 1
    else next()
  }
}

async function signIn(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { email, password } = JSON.parse(await text(request)) as Person
  const known = people.get(email)
  const good = known !== undefined && (await inTurn(() => verify(known, password)))
  response.writeHead(good ? 200 : 401, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ signedIn: good }))
}

listenLocally(
  createServer((request, response) => {
    signIn(request, response).catch(() => response.writeHead(400).end())
  }),
)
