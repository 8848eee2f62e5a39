import type { Provider } from '@doorward/client/providers'
import * as providers from '@doorward/client/providers'
import * as z from 'zod'
import { profileFrom } from './provider-profile.ts'
import {
  common,
  confidential,
  oauth2Settings,
  secret,
  text,
  webAddress,
  withIssuer,
} from './provider-settings.ts'

/** What became of the settings of a provider: the provider, or what is wrong. */
type Made =
  | { readonly provider: Provider }
  | { readonly issues: readonly z.core.$ZodIssue[] }
  /** What the library itself says of an option. */
  | { readonly wrong: providers.OptionError }

/** One provider that settings can name. */
type Kind<Settings> = {
  /** The settings it takes. */
  readonly keys: readonly string[]
  readonly read: (settings: unknown) => Made
  /** Only for its type. */
  readonly input?: Settings
}

function kind<S extends z.ZodRawShape>(
  shape: S,
  make: (settings: z.output<z.ZodObject<S>>) => Provider,
): Kind<z.input<z.ZodObject<S>>> {
  const schema = z.strictObject(shape)
  return {
    keys: Object.keys(shape),
    read(settings) {
      const result = schema.safeParse(settings)
      return result.success ? attempt(() => make(result.data)) : { issues: result.error.issues }
    },
  }
}

function attempt(make: () => Provider): Made {
  try {
    return { provider: make() }
  } catch (error) {
    if (error instanceof providers.OptionError) return { wrong: error }
    throw error
  }
}

const key = { teamId: text, keyId: text, privateKey: secret }
const { issuer: _, ...withoutIssuer } = withIssuer

/** The providers of `@doorward/client` by the name of their function. */
export const PROVIDER_KINDS = {
  amazon: kind(confidential, providers.amazon),
  apple: kind({ ...common, ...key }, providers.apple),
  atlassian: kind(confidential, providers.atlassian),
  auth0: kind({ ...withoutIssuer, domain: text }, providers.auth0),
  bitbucket: kind(confidential, providers.bitbucket),
  discord: kind(confidential, providers.discord),
  doorward: kind(withIssuer, providers.doorward),
  dropbox: kind(confidential, providers.dropbox),
  facebook: kind(confidential, providers.facebook),
  github: kind(confidential, providers.github),
  gitlab: kind({ ...confidential, issuer: webAddress.exactOptional() }, providers.gitlab),
  google: kind(confidential, providers.google),
  kakao: kind(confidential, providers.kakao),
  keycloak: kind(withIssuer, providers.keycloak),
  line: kind(confidential, providers.line),
  linkedin: kind(confidential, providers.linkedin),
  microsoft: kind({ ...confidential, tenant: text.exactOptional() }, providers.microsoft),
  naver: kind(confidential, providers.naver),
  notion: kind(confidential, providers.notion),
  oauth2: kind(oauth2Settings, ({ profile, ...settings }) =>
    providers.oauth2({ ...settings, profile: profileFrom(profile) }),
  ),
  oidc: kind(withIssuer, providers.oidc),
  okta: kind(withIssuer, providers.okta),
  reddit: kind(confidential, providers.reddit),
  slack: kind(confidential, providers.slack),
  spotify: kind(confidential, providers.spotify),
  twitch: kind(confidential, providers.twitch),
  x: kind(confidential, providers.x),
  yahoo: kind(confidential, providers.yahoo),
  zoom: kind(confidential, providers.zoom),
}

/** The name of a provider in the settings. */
export type ProviderName = keyof typeof PROVIDER_KINDS

type SettingsOf<K> = K extends Kind<infer Settings> ? Settings : never

/** A provider as a settings file writes it. */
export type ProviderSettings = {
  [Name in ProviderName]: {
    readonly provider: Name
    readonly linkByEmail?: boolean
  } & Readonly<SettingsOf<(typeof PROVIDER_KINDS)[Name]>>
}[ProviderName]
