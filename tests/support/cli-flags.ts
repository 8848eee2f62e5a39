import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What a test says about a user; the rest is made up. */
export type UserMembers = {
  readonly email?: string
  readonly password?: string
  readonly name?: string
  readonly emailVerified?: boolean
  readonly roles?: readonly string[]
  /** Further standard claims of OpenID Connect Core §5.1. */
  readonly claims?: Readonly<Record<string, string>>
}

/** What a test says about a client, in the names of RFC 7591 and Doorward's own. */
export type ClientMembers = {
  readonly client_name?: string
  readonly grant_types?: readonly string[]
  readonly redirect_uris?: readonly string[]
  readonly post_logout_redirect_uris?: readonly string[]
  readonly scope?: string
  readonly token_endpoint_auth_method?: string
  readonly jwks?: { readonly keys: readonly object[] }
  readonly trusted?: boolean
  readonly first_party?: boolean
  readonly pkce?: 'required' | 'optional'
  readonly introspects?: readonly string[]
  readonly default_resource?: string
  readonly cors_origins?: readonly string[]
  readonly backchannel_logout_uri?: string
  /** Members that have no flag of their own. */
  readonly set?: Readonly<Record<string, string>>
}

const each = (flag: string, values: readonly string[] | undefined): string[] =>
  (values ?? []).flatMap((value) => [flag, value])

const one = (flag: string, value: string | undefined): string[] => (value === undefined ? [] : [flag, value])

const yes = (flag: string, value: boolean | undefined): string[] => (value === true ? [flag] : [])

const assignments = (values: Readonly<Record<string, string>> | undefined): string[] =>
  Object.entries(values ?? {}).flatMap(([name, value]) => ['--set', `${name}=${value}`])

/** The flags of `users create`; the password goes in through stdin. */
export const userFlags = (user: UserMembers & { readonly email: string }): string[] => [
  ...['--email', user.email, '--password-stdin'],
  ...one('--name', user.name),
  ...yes('--email-verified', user.emailVerified),
  ...each('--role', user.roles),
  ...assignments(user.claims),
]

/** The flags of `clients create`; a key set is written to a file in `folder` first. */
export const clientFlags = async (client: ClientMembers, folder: string): Promise<string[]> => {
  const jwksFile = join(folder, `jwks-${randomBytes(6).toString('hex')}.json`)
  if (client.jwks !== undefined) await writeFile(jwksFile, JSON.stringify(client.jwks))
  return [
    ...['--name', client.client_name ?? 'Test app'],
    ...each('--grant', client.grant_types),
    ...each('--redirect-uri', client.redirect_uris),
    ...each('--post-logout-redirect-uri', client.post_logout_redirect_uris),
    ...one('--scope', client.scope),
    ...one('--auth-method', client.token_endpoint_auth_method),
    ...(client.jwks === undefined ? [] : ['--jwks', jwksFile]),
    ...yes('--trusted', client.trusted),
    ...yes('--first-party', client.first_party),
    ...one('--pkce', client.pkce),
    ...each('--introspects', client.introspects),
    ...one('--default-resource', client.default_resource),
    ...each('--cors-origin', client.cors_origins),
    ...one('--backchannel-logout-uri', client.backchannel_logout_uri),
    ...assignments(client.set),
  ]
}
