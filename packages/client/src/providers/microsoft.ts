import { standardProfile } from './claims.ts'
import { define } from './define.ts'
import type { Provider, ProviderOptions } from './provider.ts'

/** `tenant`: a directory's id, `organizations`, or `common` (the default), which takes personal accounts too. */
export type MicrosoftOptions = ProviderOptions & { readonly tenant?: string }

/** Sign in with Microsoft Entra ID. @see https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc */
export const microsoft = ({ tenant = 'common', ...options }: MicrosoftOptions): Provider =>
  define(options, {
    id: 'microsoft',
    name: 'Microsoft',
    protocol: 'oidc',
    issuer: `https://login.microsoftonline.com/${tenant}/v2.0`,
    scope: 'openid profile email',
    clientAuth: 'post',
    pkce: true,
    quirks: tenant === 'common' || tenant === 'organizations' ? { issuerTemplate: true } : {},
    // Anybody can write any address into a directory of their own: only the optional claim `xms_edov` proves one.
    // @see https://learn.microsoft.com/entra/identity-platform/optional-claims-reference
    profile: ({ claims, ...from }) =>
      standardProfile({ ...from, claims: { ...claims, email_verified: claims.xms_edov }, userinfo: {} }),
  })
