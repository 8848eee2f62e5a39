import type { Command } from 'commander'
import type { Client } from '../../storage/records.ts'
import { examples, overDatabase } from '../database-command.ts'
import { confirm } from '../input.ts'
import { type Answer, details, moment, table } from '../output.ts'
import { parseCount } from '../values.ts'
import { everyClient } from '../wire/clients.ts'
import { createClientCommand } from './clients-create.ts'

const EMPTY =
  'There are no clients yet. Make the first: doorward clients create --name "My app" --redirect-uri https://app.example.com/callback'

/** `doorward clients …` */
export function clientsCommand(program: Command): void {
  const clients = program.command('clients').description('the apps that ask for tokens')
  createClientCommand(clients)
  readCommands(clients)
  changeCommands(clients)
}

function readCommands(clients: Command): void {
  const list = clients
    .command('list')
    .description('show the clients, ordered by their id')
    .option('--after <client_id>', 'begin behind this id')
    .option('--limit <count>', 'show at most this many', parseCount)
  overDatabase<{ after?: string; limit?: number }>(list, async ({ options, doorward }) => {
    const { clientToWire } = await import('../../management/clients.ts')
    const found = await everyClient(doorward, options)
    const rows = found.map(({ id, metadata, createdAt }) => [
      id,
      metadata.clientName ?? '',
      metadata.grantTypes.join(' '),
      metadata.tokenEndpointAuthMethod,
      moment(createdAt),
    ])
    return {
      json: found.map((client) => clientToWire({ client, secret: null })),
      text: table(['client_id', 'name', 'grants', 'authentication', 'created'], rows, EMPTY),
    }
  })
  examples(list, ['clients list', 'clients list --json'])

  const show = clients.command('show').description('show one client').argument('<client_id>')
  overDatabase(show, async ({ args, doorward }) =>
    clientAnswer(await doorward.clients.show(args[0] ?? ''), null),
  )
  examples(show, ['clients show kzc0Uo2cQv'])
}

function changeCommands(clients: Command): void {
  const remove = clients
    .command('delete')
    .description('delete a client, and end its tokens')
    .argument('<client_id>')
    .option('--yes', 'do not ask')
  overDatabase<{ yes?: boolean }>(remove, async ({ args, options, doorward }) => {
    const client = await doorward.clients.show(args[0] ?? '')
    const name = client.metadata.clientName ?? client.id
    await confirm(`This deletes the client ${name} and ends all its tokens.`, options.yes === true)
    await doorward.clients.delete(client.id)
    return { json: { client_id: client.id, deleted: true }, text: `${name} is deleted.` }
  })
  examples(remove, ['clients delete kzc0Uo2cQv', 'clients delete kzc0Uo2cQv --yes'])

  const rotate = clients
    .command('rotate-secret')
    .description('give a client a new secret; the old one stops to work at once')
    .argument('<client_id>')
  overDatabase(rotate, async ({ args, doorward }) => {
    const { client, secret } = await doorward.clients.rotateSecret(args[0] ?? '')
    return clientAnswer(client, secret)
  })
  examples(rotate, ['clients rotate-secret kzc0Uo2cQv --json'])
}

/** A client as RFC 7591 §3.2.1 names it, and for a person; with its secret at the one moment it is known. */
export async function clientAnswer(client: Client, secret: string | null): Promise<Answer> {
  const { clientToWire } = await import('../../management/clients.ts')
  const wire = clientToWire({ client, secret })
  const { client_id, client_secret, client_id_issued_at, client_secret_expires_at, ...members } = wire
  const rows = Object.entries(members)
    .map(([name, value]) => [name, memberText(value)] as const)
    .filter(([, value]) => value !== '' && value !== 'false')
  return {
    json: wire,
    text: details([
      ['client_id', client.id],
      ['client_secret', secret],
      ...rows,
      ['created', moment(client.createdAt)],
    ]),
    ...(secret === null
      ? {}
      : { note: 'The secret is shown this once: keep it where only the app can read it.' }),
  }
}

function memberText(value: unknown): string {
  if (Array.isArray(value)) return value.join(' ')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
