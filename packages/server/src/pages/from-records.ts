import type { BrowserSession } from '../identity/sessions.ts'
import type { WaysIn } from '../identity/ways-in.ts'
import type { Client } from '../storage/records.ts'
import type { AccountItem, AppView } from './views.ts'

/** The app as pages name it. `uri` is where it will be gone back to, if anywhere. */
export function appView(client: Client, uri: string | null): AppView {
  const { metadata } = client
  return {
    name: metadata.clientName ?? client.id,
    host: uri === null ? null : hostOf(uri),
    verified: metadata.trusted || metadata.firstParty,
    homeUrl: metadata.clientUri,
    policyUrl: metadata.policyUri,
    termsUrl: metadata.tosUri,
  }
}

/** The accounts of this browser as pages list them, the active one first. */
export function accountItems(sessions: readonly BrowserSession[]): readonly AccountItem[] {
  return sessions.map((each, index) => accountItem(each, index === 0))
}

/** One account as pages show it. */
export function accountItem({ session, user }: BrowserSession, active: boolean): AccountItem {
  const { name } = user.claims
  return {
    sid: session.sid,
    email: user.email,
    name: typeof name === 'string' ? name : null,
    signedInAt: session.authTime,
    active,
  }
}

/** What signs a person in, in words: `Password`, `Google (ada@example.com)`. */
export function wayNames({ hasPassword, linked }: Pick<WaysIn, 'hasPassword' | 'linked'>): readonly string[] {
  const names = linked.flatMap(({ identity, provider }) => {
    if (provider === null) return []
    return identity.label === null ? provider.name : `${provider.name} (${identity.label})`
  })
  return [...(hasPassword ? ['Password'] : []), ...names]
}

function hostOf(uri: string): string {
  const { host, protocol } = new URL(uri)
  return protocol === 'http:' || protocol === 'https:' ? host : protocol.slice(0, -1)
}
