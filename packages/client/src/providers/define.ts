import type { Provider, ProviderOptions } from './provider.ts'

type Defined = Omit<Provider, 'clientId' | 'clientSecret'>

/** A provider's data, with what its options say in place of its defaults. */
export const define = (options: ProviderOptions, provider: Defined): Provider => ({
  ...provider,
  id: options.id ?? provider.id,
  name: options.name ?? provider.name,
  scope: options.scope ?? provider.scope,
  clientId: options.clientId,
  clientSecret: options.clientSecret,
  authorizationParameters: { ...provider.authorizationParameters, ...options.authorizationParameters },
})
