import type { Provider } from '@doorward/client/upstream'
import { BRANDS, type Brand } from '../pages/parts/brands.ts'
import type { ProviderItem } from '../pages/views.ts'

/** A provider as pages show it. `href` is where something begins with it. */
export function providerItem(provider: Provider, href: string): ProviderItem {
  return { id: provider.id, name: provider.name, brand: brandOf(provider), href }
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

/** By its id, as the library's own provider has it, or by where it is: an operator may give it any id. */
function brandOf({ id, issuer, endpoints }: Provider): Brand | null {
  if (isBrand(id)) return id
  return HOSTS.get(new URL(endpoints?.authorization ?? issuer ?? 'about:blank').hostname) ?? null
}

function isBrand(id: string): id is Brand {
  return Object.hasOwn(BRANDS, id)
}
