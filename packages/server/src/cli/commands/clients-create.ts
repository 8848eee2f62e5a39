import { readFile } from 'node:fs/promises'
import { type Command, Option } from 'commander'
import { examples, overDatabase } from '../database-command.ts'
import { CommandError, FAILED } from '../failure.ts'
import { collect, collectAssignments, collectWords, grantType } from '../values.ts'
import { memberFromText } from '../wire/client-members.ts'
import { clientAnswer } from './client-answer.ts'

type CreateOptions = {
  readonly name: string
  readonly grant?: readonly string[]
  readonly redirectUri?: readonly string[]
  readonly postLogoutRedirectUri?: readonly string[]
  readonly scope?: readonly string[]
  readonly authMethod?: string
  readonly jwks?: string
  readonly trusted?: boolean
  readonly firstParty?: boolean
  readonly pkce?: string
  readonly introspects?: readonly string[]
  readonly defaultResource?: string
  readonly corsOrigin?: readonly string[]
  readonly backchannelLogoutUri?: string
  readonly set?: Readonly<Record<string, string>>
}

/** `doorward clients create` */
export function createClientCommand(clients: Command): void {
  const create = withMembers(clients.command('create').description('register a client'))
  overDatabase<CreateOptions>(create, async ({ options, doorward }) => {
    const { client, secret } = await doorward.clients.create(await metadataOf(options))
    return clientAnswer(client, secret)
  })
  examples(create, [
    'clients create --name Shop --redirect-uri https://shop.example.com/callback',
    'clients create --name "Single-page app" --auth-method none --redirect-uri https://app.example.com/',
    'clients create --name Robot --grant client_credentials --scope "orders:read" --json',
    'clients create --name Shop --redirect-uri https://shop.example.com/cb --set logo_uri=https://shop.example.com/logo.png',
  ])
}

/** The flags for the members of RFC 7591 §2 and our own. */
function withMembers(command: Command): Command {
  return command
    .requiredOption('--name <name>', 'what people see')
    .option(
      '--grant <grant>',
      'authorization_code, refresh_token or client_credentials; may be repeated (default: the first two)',
      grantType,
    )
    .option('--redirect-uri <uri>', 'where answers go, exactly; may be repeated', collect)
    .option('--post-logout-redirect-uri <uri>', 'where people go after signing out; may be repeated', collect)
    .option(
      '--scope <scopes>',
      'what it may ask for (default: "openid profile email offline_access")',
      collectWords,
    )
    .addOption(authMethod())
    .option('--jwks <file>', 'its public keys, a JWK set, for private_key_jwt')
    .option('--trusted', 'never ask people for consent')
    .option('--first-party', 'may take e-mail and password in its own form')
    .addOption(new Option('--pkce <when>', 'for older libraries: optional').choices(['required', 'optional']))
    .option('--introspects <uri>', 'may look into tokens of this resource; may be repeated', collect)
    .option('--default-resource <uri>', 'what its tokens are for when it names no resource')
    .option(
      '--cors-origin <origin>',
      'its scripts may call the token endpoint from here; may be repeated',
      collect,
    )
    .option('--backchannel-logout-uri <uri>', 'told when a session ends')
    .option(
      '--set <member=value>',
      'any other member of RFC 7591 or OpenID Connect Registration; may be repeated',
      collectAssignments,
    )
}

function authMethod(): Option {
  return new Option('--auth-method <method>', 'how it proves itself (default: client_secret_basic)').choices([
    'client_secret_basic',
    'client_secret_post',
    'private_key_jwt',
    'none',
  ])
}

/** The flags in the names of RFC 7591 §2; what is not given is left to the registration's defaults. */
async function metadataOf(options: CreateOptions): Promise<Record<string, unknown>> {
  const members: Record<string, unknown> = {
    client_name: options.name,
    grant_types: options.grant,
    redirect_uris: options.redirectUri,
    post_logout_redirect_uris: options.postLogoutRedirectUri,
    scope: options.scope?.join(' '),
    token_endpoint_auth_method: options.authMethod,
    jwks: options.jwks === undefined ? undefined : await readJwks(options.jwks),
    trusted: options.trusted,
    first_party: options.firstParty,
    pkce: options.pkce,
    introspects: options.introspects,
    default_resource: options.defaultResource,
    cors_origins: options.corsOrigin,
    backchannel_logout_uri: options.backchannelLogoutUri,
  }
  for (const [name, text] of Object.entries(options.set ?? {})) members[name] = memberFromText(name, text)
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}

/** A JWK set, or one JWK, which stands for a set of one (RFC 7517 §4, §5). */
async function readJwks(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8')
  try {
    const value: unknown = JSON.parse(text)
    const single = typeof value === 'object' && value !== null && 'kty' in value
    return single ? { keys: [value] } : value
  } catch {
    // The parser's message quotes the file, which may hold a private key by mistake.
    throw new CommandError(FAILED, `${file} is not valid JSON. A JWK set is {"keys":[…]} (RFC 7517 §5).`)
  }
}
