import { type Command, Option } from 'commander'
import type { Resource, SigningAlg } from '../../storage/records.ts'
import { examples, overDatabase } from '../database-command.ts'
import { confirm } from '../input.ts'
import { type Answer, details, moment, table } from '../output.ts'
import { collectWords, formatDuration, parseDuration } from '../values.ts'

const EMPTY =
  'There are no resources yet. Make the first: doorward resources create https://api.example.com --scope "orders:read"'

type CreateOptions = {
  readonly name?: string
  readonly scope?: readonly string[]
  readonly claims?: readonly string[]
  readonly accessTokenLifetime?: number
  readonly signingAlg?: SigningAlg
}

/** `doorward resources …` */
export function resourcesCommand(program: Command): void {
  const resources = program.command('resources').description('the APIs that tokens are for (RFC 8707)')
  createCommand(resources)
  readCommands(resources)
  deleteCommand(resources)
}

function createCommand(resources: Command): void {
  const create = resources
    .command('create')
    .description('add a resource')
    .argument('<uri>', 'the audience of its tokens: an absolute URI')
    .option('--name <name>', 'what people see when they are asked for consent')
    .option('--scope <scopes>', 'the scopes it knows', collectWords)
    .option('--claims <claims>', 'user claims that its access tokens carry (RFC 9068 §2.2.2)', collectWords)
    .option(
      '--access-token-lifetime <span>',
      'such as 10m or 1h (default: as the server is set)',
      parseDuration,
    )
    .addOption(
      new Option('--signing-alg <alg>', 'signs its access tokens (default: as the server is set)').choices([
        'ES256',
        'RS256',
        'EdDSA',
      ]),
    )
  overDatabase<CreateOptions>(create, async ({ args, options, doorward }) =>
    resourceAnswer(
      await doorward.resources.create({
        uri: args[0] ?? '',
        ...(options.name === undefined ? {} : { name: options.name }),
        scopes: options.scope ?? [],
        claims: options.claims ?? [],
        ...(options.accessTokenLifetime === undefined
          ? {}
          : { accessTokenLifetime: options.accessTokenLifetime }),
        ...(options.signingAlg === undefined ? {} : { signingAlg: options.signingAlg }),
      }),
    ),
  )
  examples(create, [
    'resources create https://api.example.com --name "Orders API" --scope "orders:read orders:write"',
    'resources create https://api.example.com --claims "email name" --access-token-lifetime 1h --signing-alg RS256',
  ])
}

function readCommands(resources: Command): void {
  const list = resources.command('list').description('show the resources')
  overDatabase(list, async ({ doorward }) => {
    const found = await doorward.resources.list()
    const rows = found.map(({ uri, name, scopes, createdAt }) => [
      uri,
      name ?? '',
      scopes.join(' '),
      moment(createdAt),
    ])
    return { json: found.map(resourceToWire), text: table(['uri', 'name', 'scopes', 'created'], rows, EMPTY) }
  })
  examples(list, ['resources list', 'resources list --json'])

  const show = resources.command('show').description('show one resource').argument('<uri>')
  overDatabase(show, async ({ args, doorward }) =>
    resourceAnswer(await doorward.resources.show(args[0] ?? '')),
  )
  examples(show, ['resources show https://api.example.com'])
}

function deleteCommand(resources: Command): void {
  const remove = resources
    .command('delete')
    .description('delete a resource, and what roles allow there')
    .argument('<uri>')
    .option('--yes', 'do not ask')
  overDatabase<{ yes?: boolean }>(remove, async ({ args, options, doorward }) => {
    const { uri } = await doorward.resources.show(args[0] ?? '')
    await confirm(
      `This deletes ${uri}: no more tokens for it, and roles lose what they allow there.`,
      options.yes === true,
    )
    await doorward.resources.delete(uri)
    return { json: { resource: uri, deleted: true }, text: `${uri} is deleted.` }
  })
  examples(remove, ['resources delete https://api.example.com'])
}

/** A resource in the names of RFC 9728 §2, and ours where it has none. */
function resourceToWire(resource: Resource): Record<string, unknown> {
  return {
    resource: resource.uri,
    ...(resource.name === null ? {} : { resource_name: resource.name }),
    scopes_supported: resource.scopes,
    claims: resource.claims,
    ...(resource.accessTokenLifetime === null ? {} : { access_token_lifetime: resource.accessTokenLifetime }),
    ...(resource.signingAlg === null ? {} : { signing_alg: resource.signingAlg }),
    created_at: resource.createdAt,
  }
}

function resourceAnswer(resource: Resource): Answer {
  const { accessTokenLifetime } = resource
  return {
    json: resourceToWire(resource),
    text: details([
      ['uri', resource.uri],
      ['name', resource.name],
      ['scopes', resource.scopes.join(' ')],
      ['claims', resource.claims.join(' ')],
      ['access token lifetime', accessTokenLifetime === null ? null : formatDuration(accessTokenLifetime)],
      ['signing algorithm', resource.signingAlg],
      ['created', moment(resource.createdAt)],
    ]),
  }
}
