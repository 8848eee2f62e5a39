import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { PlainLoad, ScriptLoad } from '../row.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const SCRIPT = fileURLToPath(new URL('./in-turn.lua', import.meta.url))

/** A load of different requests in turn, and how to remove the file that holds them. */
export type InTurn = { readonly load: ScriptLoad; remove(): void }

/** What each answer must be. A redirect to the sign-in page is not bad by its status, and yet nobody was let in. */
export type Wanted = {
  readonly status: number
  /** A Lua pattern that the Location matches. */
  readonly location?: string
  /** A Lua pattern that is found in the body. */
  readonly body?: string
}

/** Writes the requests to a file for wrk. Without `wanted` an answer is good up to a status of 399. */
export function inTurn(requests: readonly PlainLoad[], wanted?: Wanted): InTurn {
  const [first] = requests
  if (first === undefined) throw new Error('no requests to send in turn')
  const { path, remove } = temporaryFolder('requests')
  const file = join(path, 'requests')
  writeFileSync(file, requests.map(record).join(''))
  return {
    load: {
      url: new URL(first.url).origin,
      script: SCRIPT,
      args: wanted === undefined ? [file] : [file, ...argumentsOf(wanted)],
    },
    remove,
  }
}

const argumentsOf = ({ status, location = '', body = '' }: Wanted): readonly string[] => [
  String(status),
  location,
  body,
]

function record({ url, method, headers, body = '' }: PlainLoad): string {
  const { host, pathname, search } = new URL(url)
  const length = method === 'GET' ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }
  const lines = Object.entries({ Host: host, ...headers, ...length }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  )
  const request = `${method} ${pathname}${search} HTTP/1.1\r\n${lines.join('')}\r\n${body}`
  return `${Buffer.byteLength(request)}\n${request}\n`
}
