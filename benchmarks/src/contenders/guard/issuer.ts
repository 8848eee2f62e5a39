import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { LOAD_CORE } from '../../measure/wrk.ts'
import { temporaryFolder } from '../../temporary-folder.ts'
import { startLocalServer } from '../local-server.ts'

/** What the issuer is to make. */
export type TokenOrder = {
  /** Where it writes the tokens. */
  readonly file: string
  /** How many different good tokens. */
  readonly good: number
  readonly audience: string
  readonly scope: string
  readonly email: string
}

/** Tokens for the guards to judge. */
export type Tokens = {
  readonly good: readonly string[]
  /** Each is good but for what its name says, and must be answered 401. */
  readonly bad: Readonly<Record<string, string>>
  /** Must be answered 403. */
  readonly withoutScope: string
}

/** What the tokens are for, and whom they speak of. */
export const AUDIENCE = {
  audience: 'https://api.example.com',
  scope: 'read',
  email: 'user@example.com',
} as const

/** A running issuer and its tokens. */
export type Issuer = { readonly url: string; readonly tokens: Tokens; stop(): Promise<void> }

/** Starts an issuer of `good` tokens, not on the core of the server that is measured. */
export async function startIssuer(good: number): Promise<Issuer> {
  const folder = temporaryFolder('tokens')
  const order: TokenOrder = { file: join(folder.path, 'tokens.json'), good, ...AUDIENCE }
  const file = new URL('./servers/issuer.ts', import.meta.url)
  try {
    const { url, stop } = await startLocalServer(file, LOAD_CORE, order)
    return { url, tokens: JSON.parse(readFileSync(order.file, 'utf8')) as Tokens, stop }
  } finally {
    folder.remove()
  }
}
