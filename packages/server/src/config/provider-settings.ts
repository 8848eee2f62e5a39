import type { Quirks } from '@doorward/client/providers'
import * as z from 'zod'
import { profileMembers } from './provider-profile.ts'

/** A text that is not empty. */
export const text = z.string().min(1).max(2_000)
/** An address of the web. */
export const webAddress = z.url({ protocol: /^https?$/, error: 'must be an http or https address' })
const flag = z.literal(true).exactOptional()

/** Text, or the name of the environment variable that holds it. */
export type SecretSetting = string | { readonly env: string }

/** A secret, read where its setting says that it is. */
export const secret = z.custom<SecretSetting>().transform((value, context): string => {
  const found = typeof value === 'string' ? value : fromEnvironment(value)
  if (typeof found === 'string' && found !== '') return found
  // Never the name: whoever takes env for the place of the secret itself would find it in a log.
  const message =
    found === null
      ? 'must be text, or { "env": "NAME" } with the name of an environment variable'
      : 'must name an environment variable that is set'
  context.addIssue({ code: 'custom', message })
  return z.NEVER
})

/** null for what names no variable at all. */
function fromEnvironment(value: unknown): string | undefined | null {
  if (typeof value !== 'object' || value === null || !('env' in value)) return null
  return typeof value.env === 'string' ? process.env[value.env] : null
}

/** Of every provider. */
export const common = {
  clientId: text,
  scope: text.exactOptional(),
  authorizationParameters: z.record(z.string(), z.string()).exactOptional(),
  id: z
    .string()
    .regex(/^[a-z0-9-]{1,32}$/, 'must be 1 to 32 of a-z, 0-9 and -')
    .exactOptional(),
  name: text.max(60).exactOptional(),
}
/** Of a provider that gives every client a secret. */
export const confidential = { ...common, clientSecret: secret }
/** Where a provider is asked. */
const endpoints = z.strictObject({
  authorization: webAddress,
  token: webAddress,
  userinfo: webAddress.exactOptional(),
  revocation: webAddress.exactOptional(),
  endSession: webAddress.exactOptional(),
  jwks: webAddress.exactOptional(),
})
const quirks = z.strictObject({
  errorsIn200: flag,
  commaScopes: flag,
  commaScopesInAnswer: flag,
  formPost: flag,
  userField: flag,
  issuerTemplate: flag,
  acceptJson: flag,
  rawBasic: flag,
  jsonTokenRequest: flag,
  scopeList: flag,
  userinfoInTokenAnswer: flag,
  userinfoPost: flag,
  noNonce: flag,
  hs256IdToken: flag,
  noReauthentication: flag,
} satisfies Record<keyof Quirks, typeof flag>)
/** Of OpenID Connect without the issuer. */
const openid = {
  ...common,
  clientSecret: secret.exactOptional(),
  clientAuth: z.enum(['basic', 'post']).exactOptional(),
  pkce: z.boolean().exactOptional(),
  quirks: quirks.exactOptional(),
}
/** Of any OpenID Connect provider. */
export const withIssuer = { ...openid, issuer: webAddress, endpoints: endpoints.exactOptional() }
/** Of any OAuth 2.0 provider. */
export const oauth2Settings = {
  ...openid,
  id: common.id.unwrap(),
  name: common.name.unwrap(),
  scope: text,
  endpoints,
  extra: z.strictObject({ url: webAddress }).exactOptional(),
  profile: profileMembers,
}
