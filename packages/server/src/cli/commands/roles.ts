import type { Command } from 'commander'
import type { HolderName } from '../../management/roles.ts'
import type { Role } from '../../storage/records.ts'
import { examples, overDatabase } from '../database-command.ts'
import { CommandError, WRONG_USAGE } from '../failure.ts'
import { type Answer, table } from '../output.ts'
import { collectWords } from '../values.ts'
import type { Workplace } from '../workplace.ts'

const EMPTY = 'There are no roles yet. Make the first: doorward roles create NAME'

type HolderOptions = { readonly user?: string; readonly client?: string }

/** `doorward roles …` */
export function rolesCommand(program: Command): void {
  const roles = program.command('roles').description('what people and clients may do at resources')
  createCommand(roles)
  allowCommand(roles)
  holderCommands(roles)
  const list = roles.command('list').description('show the roles, what they allow, and who has them')
  overDatabase(list, async ({ doorward }) => {
    const found = await doorward.roles.list()
    return {
      json: found.map(roleToWire),
      text: table(['role', 'permissions', 'users', 'clients'], found.map(roleRow), EMPTY),
    }
  })
  examples(list, ['roles list', 'roles list --json'])
}

function createCommand(roles: Command): void {
  const create = roles.command('create').description('add a role').argument('<name>')
  overDatabase(create, async ({ args: [name = ''], doorward }) => {
    await doorward.roles.create(name)
    return roleAnswer(
      doorward,
      name,
      `The role ${name} exists. Say what it allows: doorward roles allow ${name} --resource URI --permission SCOPE`,
    )
  })
  examples(create, ['roles create buyer'])
}

function allowCommand(roles: Command): void {
  const allow = roles
    .command('allow')
    .description('let a role do something at a resource; a permission is a scope that the resource knows')
    .argument('<name>')
    .requiredOption('--resource <uri>', 'the resource')
    .requiredOption('--permission <permissions>', 'one or several; may be repeated', collectWords)
  overDatabase<{ resource: string; permission: readonly string[] }>(
    allow,
    async ({ args: [name = ''], options: { resource, permission }, doorward }) => {
      for (const each of permission) await doorward.roles.allow(name, { resource, permission: each })
      return roleAnswer(doorward, name, `The role ${name} allows ${permission.join(' ')} at ${resource}.`)
    },
  )
  examples(allow, [
    'roles allow buyer --resource https://api.example.com --permission "orders:read orders:write"',
  ])
}

function holderCommands(roles: Command): void {
  for (const verb of ['grant', 'revoke'] as const) {
    const description =
      verb === 'grant' ? 'give a role to a user or a client' : 'take a role from a user or a client'
    const command = roles
      .command(verb)
      .description(description)
      .argument('<name>')
      .option('--user <user>', 'e-mail or id of a user')
      .option('--client <client_id>', 'id of a client')
    overDatabase<HolderOptions>(command, async ({ args: [name = ''], options, doorward }) => {
      await doorward.roles[verb](name, holderOf(options))
      const who = options.user ?? `client ${options.client ?? ''}`
      return roleAnswer(
        doorward,
        name,
        verb === 'grant' ? `${who} has the role ${name}.` : `${who} no longer has the role ${name}.`,
      )
    })
    examples(command, [
      `roles ${verb} buyer --user ada@example.com`,
      `roles ${verb} buyer --client kzc0Uo2cQv`,
    ])
  }
}

function holderOf({ user, client }: HolderOptions): HolderName {
  if (user !== undefined && client === undefined) return { user }
  if (client !== undefined && user === undefined) return { client }
  throw new CommandError(WRONG_USAGE, 'Say who: either --user or --client.')
}

async function roleAnswer(doorward: Workplace, name: string, text: string): Promise<Answer> {
  const role = (await doorward.roles.list()).find((candidate) => candidate.name === name)
  return { json: role === undefined ? { name } : roleToWire(role), text }
}

function holders(role: Role, kind: 'user' | 'client'): readonly string[] {
  return role.holders.filter((holder) => holder.kind === kind).map((holder) => holder.id)
}

/** A role; `users` are `sub` values, `clients` are `client_id` values. */
function roleToWire(role: Role): Record<string, unknown> {
  return {
    name: role.name,
    permissions: role.permissions.map(({ resource, permission }) => ({ resource, permission })),
    users: holders(role, 'user'),
    clients: holders(role, 'client'),
  }
}

function roleRow(role: Role): readonly string[] {
  const permissions = role.permissions.map(({ resource, permission }) => `${permission} at ${resource}`)
  const count = (kind: 'user' | 'client') => String(holders(role, kind).length)
  return [role.name, permissions.join(', '), count('user'), count('client')]
}
