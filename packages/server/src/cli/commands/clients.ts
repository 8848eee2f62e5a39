import type { Command } from 'commander'
import { examples, overDatabase } from '../database-command.ts'
import { confirm } from '../input.ts'
import { moment, table } from '../output.ts'
import { parseCount } from '../values.ts'
import { everyClient } from '../wire/clients.ts'
import { clientAnswer } from './client-answer.ts'
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
