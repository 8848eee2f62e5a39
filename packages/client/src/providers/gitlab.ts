import { standardProfile } from './claims.ts'
import { define } from './define.ts'
import type { Provider, ProviderOptions } from './provider.ts'

/** Sign in with GitLab, gitlab.com or an instance of your own. */
export type GitlabOptions = ProviderOptions & {
  /** The instance's address; `https://gitlab.com` by default. */
  readonly issuer?: string
}

/** Sign in with GitLab. @see https://docs.gitlab.com/integration/openid_connect_provider */
export const gitlab = ({ issuer = 'https://gitlab.com', ...options }: GitlabOptions): Provider =>
  define(options, {
    id: 'gitlab',
    name: 'GitLab',
    protocol: 'oidc',
    issuer,
    scope: 'openid profile email',
    clientAuth: 'basic',
    pkce: true,
    profile: standardProfile,
  })
