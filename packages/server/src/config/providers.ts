import type { Provider } from '@doorward/client/providers'
import * as z from 'zod'
import { faultOf } from './fault.ts'
import { PROVIDER_KINDS, type ProviderName, type ProviderSettings } from './provider-kinds.ts'

/** A provider that people can sign in with, as the server uses it. */
export type ConfiguredProvider = Provider & {
  /**
   * Whether its word on an e-mail proves the address: that it may join an account which has the address verified too,
   * and that an account it makes has it verified.
   */
  readonly linkByEmail: boolean
}

/** A provider as settings have it: by name, or made by a function of `@doorward/client`. */
export type ProviderInput = ProviderSettings | (Provider & { readonly linkByEmail?: boolean })

const MOST = 20

/** Paths below `/login` that are pages of ours. */
const RESERVED: readonly string[] = ['choose']

const made = z.looseObject({
  id: z.string().regex(/^[a-z0-9-]{1,32}$/, 'must be 1 to 32 of a-z, 0-9 and -'),
  name: z.string().min(1).max(60),
  protocol: z.enum(['oidc', 'oauth2']),
  scope: z.string(),
  clientId: z.string().min(1),
  clientAuth: z.enum(['basic', 'post', 'none']),
  pkce: z.boolean(),
})

const oneProvider = z.custom<ProviderInput>().transform((setting: unknown, context): ConfiguredProvider => {
  const read = isMade(setting) ? readMade(setting) : readNamed(setting)
  if ('provider' in read) return read.provider
  context.addIssue({ code: 'custom', path: [...read.path], message: read.message })
  return z.NEVER
})

/** The setting `providers`. */
export const providersSetting = z
  .array(oneProvider)
  .max(MOST, `must have at most ${MOST} entries`)
  .superRefine((all, context) => {
    all.forEach((provider, at) => {
      const fault = faultAmong(provider, all.slice(0, at))
      if (fault !== null)
        context.addIssue({ code: 'custom', path: [at, ...fault.path], message: fault.message })
    })
  })

function faultAmong(provider: Provider, before: readonly Provider[]): Fault | null {
  const { id } = provider
  if (RESERVED.includes(id)) {
    return { path: ['id'], message: `must not be ${id}, which is a page of the server` }
  }
  if (before.some((other) => other.id === id)) {
    return { path: ['id'], message: 'must be one that no provider before it has' }
  }
  if (!before.some((other) => isConfusedWith(provider, other))) return null
  const message =
    'must be on an origin of its own: another provider has a different token endpoint there, or is the issuer, and their accounts could not be told apart'
  return { path: provider.issuer === undefined ? ['endpoints', 'token'] : ['issuer'], message }
}

/**
 * Without an issuer, accounts are told apart by the origin of the token endpoint alone: whoever picks a name at one of two
 * such providers may pick the subject of somebody at the other.
 */
function isConfusedWith(one: Provider, other: Provider): boolean {
  const authority = authorityIn(one)
  return (
    authority !== null && authority === authorityIn(other) && tokenEndpointOf(one) !== tokenEndpointOf(other)
  )
}

/** undefined where there is an issuer, whose subjects are the same at all of its endpoints. */
const tokenEndpointOf = ({ issuer, endpoints }: Provider): string | undefined =>
  issuer === undefined ? endpoints?.token : undefined

function authorityIn(provider: Provider): string | null {
  const token = tokenEndpointOf(provider)
  return provider.issuer ?? (token === undefined ? null : new URL(token).origin)
}

type Fault = { readonly path: readonly PropertyKey[]; readonly message: string }
type Read = { readonly provider: ConfiguredProvider } | Fault

/** What a provider function made; a name of one is what only a settings file has. */
function isMade(setting: unknown): setting is Provider & { readonly linkByEmail?: unknown } {
  return isRecord(setting) && typeof setting.profile === 'function'
}

function readMade(setting: Provider & { readonly linkByEmail?: unknown }): Read {
  const { linkByEmail = true } = setting
  if (typeof linkByEmail !== 'boolean') return notBoolean
  const checked = made.safeParse(setting)
  if (!checked.success) return faultIn(checked.error.issues)
  if (setting.issuer === undefined && setting.endpoints === undefined) {
    return { path: [], message: 'must have an issuer or endpoints' }
  }
  if (setting.clientAuth !== 'none' && (setting.clientSecret ?? '') === '') {
    return { path: ['clientSecret'], message: 'must be set: copy it from the console of the provider' }
  }
  return { provider: { ...setting, linkByEmail } }
}

function readNamed(setting: unknown): Read {
  if (!isRecord(setting)) return { path: [], message: 'must be an object of settings' }
  const { provider, linkByEmail = true, ...settings } = setting
  if (!isProviderName(provider)) {
    return { path: ['provider'], message: `must be one of ${Object.keys(PROVIDER_KINDS).join(', ')}` }
  }
  if (typeof linkByEmail !== 'boolean') return notBoolean
  const { read, keys } = PROVIDER_KINDS[provider]
  const unknown = Object.keys(settings).find((key) => !keys.includes(key))
  if (unknown !== undefined) {
    const known = [...keys, 'linkByEmail'].join(', ')
    return { path: [unknown], message: `must not be there: ${provider} takes ${known}` }
  }
  const result = read(settings)
  if ('issues' in result) return faultIn(result.issues)
  if ('wrong' in result)
    return { path: [result.wrong.option], message: result.wrong.message.replace(/\.$/, '') }
  return { provider: { ...result.provider, linkByEmail } }
}

const notBoolean: Fault = { path: ['linkByEmail'], message: 'must be true or false' }

function faultIn([issue]: readonly z.core.$ZodIssue[]): Fault {
  if (issue === undefined) return { path: [], message: 'must be an object of settings' }
  if (issue.code === 'unrecognized_keys') {
    return { path: [...issue.path, ...issue.keys.slice(0, 1)], message: 'must not be there' }
  }
  return { path: issue.path, message: faultOf(issue) }
}

function isProviderName(name: unknown): name is ProviderName {
  return typeof name === 'string' && Object.hasOwn(PROVIDER_KINDS, name)
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
