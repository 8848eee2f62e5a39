import { define } from './define.ts'
import { microsoftIssuer } from './microsoft-issuer.ts'
import { microsoftProfile } from './microsoft-profile.ts'
import type { Provider, ProviderOptions } from './provider.ts'

/** Sign in with Microsoft. */
export type MicrosoftOptions = ProviderOptions & {
  /** A directory's id; `organizations`, `consumers` (personal accounts), or `common`, the default, for both. */
  readonly tenant?: string
}

/** Sign in with Microsoft Entra ID. @see https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc */
export const microsoft = ({ tenant = 'common', ...options }: MicrosoftOptions): Provider =>
  define(options, {
    id: 'microsoft',
    name: 'Microsoft',
    protocol: 'oidc',
    issuer: microsoftIssuer(tenant).issuer,
    scope: 'openid profile email',
    clientAuth: 'post',
    pkce: true,
    quirks: microsoftIssuer(tenant).template ? { issuerTemplate: true } : {},
    profile: microsoftProfile,
  })
