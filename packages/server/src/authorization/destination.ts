import type { ProvenAuthorization } from './load.ts'

/** Where a sign-in leads that no app asked for, by the parameter `then` of its address. */
const DESTINATIONS = { account: '/account', connections: '/account/connections' } as const

/** The page that a sign-in without an app leads to. */
export type Destination = keyof typeof DESTINATIONS

const PARAMETER = 'then'

/** What a sign-in is for: an app's request, or a page of ours. */
export type Errand = { readonly proven: ProvenAuthorization | null; readonly destination: Destination }

/** Reads the destination; the account page where there is none or an unknown one. */
export function readDestination(query: URLSearchParams): Destination {
  return query.get(PARAMETER) === 'connections' ? 'connections' : 'account'
}

/** The path of the page. */
export function destinationPath(destination: Destination): string {
  return DESTINATIONS[destination]
}

/** True where the page takes only somebody who has just proved who they are. */
export function asksAgain(destination: Destination): boolean {
  return destination === 'connections'
}

/** The parameters that carry a destination on. */
export function destinationQuery(destination: Destination): URLSearchParams {
  return new URLSearchParams(destination === 'account' ? {} : { [PARAMETER]: destination })
}
