import type { Provider } from '@doorward/client/upstream'
import { BRANDS, type Brand } from './parts/brands.ts'
import type { ProviderItem } from './views.ts'

/** A provider as pages show it. */
export function providerItem(provider: Provider): ProviderItem {
  return { id: provider.id, name: provider.name, brand: brandOf(provider) }
}

const HOSTS: ReadonlyMap<string, Brand> = new Map([
  ['accounts.google.com', 'google'],
  ['appleid.apple.com', 'apple'],
  ['login.microsoftonline.com', 'microsoft'],
  ['github.com', 'github'],
  ['gitlab.com', 'gitlab'],
  ['www.facebook.com', 'facebook'],
  ['www.linkedin.com', 'linkedin'],
  ['slack.com', 'slack'],
  ['x.com', 'x'],
])

/** The mark of a provider: by its id, as the library's own provider has it, or by where it is, for an operator may give it any id. */
export function brandOf({ id, issuer, endpoints }: Provider): Brand | null {
  if (isBrand(id)) return id
  return HOSTS.get(new URL(endpoints?.authorization ?? issuer ?? 'about:blank').hostname) ?? null
}

function isBrand(id: string): id is Brand {
  return Object.hasOwn(BRANDS, id)
}
