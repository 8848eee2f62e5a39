import { OptionError } from './errors.ts'
import type { Provider, Quirks } from './providers/provider.ts'

/** Checks providers as an app wrote them, in types or without. Throws OptionError, which names the provider and the fix. */
export function checkProviders(providers: unknown): readonly Provider[] {
  if (!Array.isArray(providers) || providers.length === 0) {
    const message =
      'providers is not a list of at least one provider, such as google({ clientId, clientSecret }).'
    throw new OptionError('providers', message)
  }
  const seen = new Set<unknown>()
  for (const provider of providers) {
    checkProvider(provider)
    if (seen.has(provider.id))
      throw wrong(`Two providers have the id ${provider.id}. Give one of them another \`id\`.`)
    seen.add(provider.id)
  }
  return providers
}

/** Checks one provider. Throws OptionError. */
export function checkProvider(provider: unknown): asserts provider is Provider {
  if (!isRecord(provider)) {
    throw wrong(
      'One of the providers is none. Make it by a function such as google({ clientId, clientSecret }).',
    )
  }
  const { id } = provider
  if (typeof id !== 'string' || !/^[a-z0-9-]{1,32}$/.test(id)) {
    throw wrong(`A provider has the id ${JSON.stringify(id)}. Use 1 to 32 of a-z, 0-9 and -.`)
  }
  checkCredentials(provider, id)
  checkAddresses(provider, id)
  checkRest(provider, id)
}

type Written = Readonly<Record<string, unknown>>

const wrong = (message: string): OptionError => new OptionError('providers', message)

const isRecord = (value: unknown): value is Written =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

function checkCredentials({ clientId, clientAuth, clientSecret }: Written, id: string): void {
  if (!isText(clientId)) throw wrong(`${id} has no clientId. Copy it from the provider's console.`)
  if (clientAuth === 'none') return
  if (clientAuth !== 'basic' && clientAuth !== 'post') {
    throw wrong(`clientAuth of ${id} is ${JSON.stringify(clientAuth)}. Use basic or post.`)
  }
  if (!isText(clientSecret) && typeof clientSecret !== 'function') {
    throw wrong(`${id} has no clientSecret. Copy it from the provider's console.`)
  }
}

const ADDRESSES: readonly string[] = [
  'authorization',
  'token',
  'userinfo',
  'revocation',
  'endSession',
  'jwks',
]

function checkAddresses({ protocol, issuer, endpoints, extra }: Written, id: string): void {
  if (protocol === 'oidc') checkAddress(issuer, `issuer of ${id}`)
  else if (protocol !== 'oauth2')
    throw wrong(`protocol of ${id} is ${JSON.stringify(protocol)}. Use oidc or oauth2.`)
  if (extra !== undefined) checkAddress(isRecord(extra) ? extra.url : undefined, `extra.url of ${id}`)
  if (endpoints === undefined && protocol === 'oidc') return
  if (!isRecord(endpoints)) throw wrong(`${id} has no endpoints. Give { authorization, token, userinfo }.`)
  const unknown = Object.keys(endpoints).find((name) => !ADDRESSES.includes(name))
  if (unknown !== undefined) {
    throw wrong(`${id} has an endpoint ${unknown}, which there is not. There are: ${ADDRESSES.join(', ')}.`)
  }
  for (const name of ADDRESSES) {
    const needed = protocol === 'oauth2' && (name === 'authorization' || name === 'token')
    if (needed || endpoints[name] !== undefined) checkAddress(endpoints[name], `endpoints.${name} of ${id}`)
  }
}

/** Where http may go is decided when a call leaves: it depends on the host. */
function checkAddress(address: unknown, what: string): void {
  if (isText(address) && /^https?:\/\/\S+$/.test(address) && URL.canParse(address)) return
  const written = address === undefined ? 'is missing' : `is ${JSON.stringify(address)}, which is no address`
  throw wrong(`${what} ${written}. Give all of it, from https:// on, as the provider's documentation has it.`)
}

const QUIRKS = {
  errorsIn200: true,
  commaScopes: true,
  commaScopesInAnswer: true,
  formPost: true,
  userField: true,
  issuerTemplate: true,
  acceptJson: true,
  rawBasic: true,
  jsonTokenRequest: true,
  scopeList: true,
  userinfoInTokenAnswer: true,
  userinfoPost: true,
  noNonce: true,
  hs256IdToken: true,
  noReauthentication: true,
} as const satisfies Required<Quirks>

function checkRest(provider: Written, id: string): void {
  const { name, scope, pkce, quirks = {}, profile, authorizationParameters = {} } = provider
  if (!isText(name)) throw wrong(`${id} has no name, which buttons show. Give it a \`name\`.`)
  if (typeof scope !== 'string')
    throw wrong(`scope of ${id} is no text. Separate scopes by spaces: 'openid email'.`)
  if (typeof pkce !== 'boolean') throw wrong(`pkce of ${id} is ${JSON.stringify(pkce)}. Use true or false.`)
  if (typeof profile !== 'function')
    throw wrong(`${id} has no profile. Give the function that says who signed in.`)
  const unknown = isRecord(quirks) ? Object.keys(quirks).find((quirk) => !(quirk in QUIRKS)) : 'of no name'
  if (unknown !== undefined) {
    throw wrong(
      `${id} has a quirk ${unknown}, which there is not. There are: ${Object.keys(QUIRKS).join(', ')}.`,
    )
  }
  if (!isRecord(authorizationParameters) || !Object.values(authorizationParameters).every(isString)) {
    throw wrong(`authorizationParameters of ${id} has something else than texts. Give { name: 'value' }.`)
  }
}

const isString = (value: unknown): value is string => typeof value === 'string'
