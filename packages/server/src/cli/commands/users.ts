import type { Command } from 'commander'
import type { SignInMethod, UserView } from '../../management/users.ts'
import { examples, overDatabase } from '../database-command.ts'
import { confirm, newPassword } from '../input.ts'
import { details, moment, table } from '../output.ts'
import { collect, collectAssignments, parseCount } from '../values.ts'
import { everyUser, rolesOf, signInMethodToWire, userToWire } from '../wire/users.ts'
import type { Workplace } from '../workplace.ts'
import { importUsers } from './users-import.ts'

const EMPTY =
  'There are no users yet. Make the first: doorward users create --email you@example.com --password-stdin'

type CreateOptions = {
  readonly email: string
  readonly name?: string
  readonly passwordStdin?: boolean
  readonly role?: readonly string[]
  readonly emailVerified?: boolean
  readonly set?: Readonly<Record<string, string>>
}

/** `doorward users …` */
export function usersCommand(program: Command): void {
  const users = program.command('users').description('the people who sign in')
  createCommand(users)
  readCommands(users)
  passwordCommand(users)
  changeCommands(users)
  importCommand(users)
}

function createCommand(users: Command): void {
  const create = users
    .command('create')
    .description('add a user')
    .requiredOption('--email <email>', 'what the person signs in with')
    .option('--name <name>', 'full name')
    .option('--password-stdin', 'read the password from stdin; one trailing newline is dropped')
    .option('--role <role>', 'grant this role; may be repeated', collect)
    .option('--email-verified', 'the e-mail address is known to be theirs')
    .option(
      '--set <claim=value>',
      'a standard claim, OpenID Connect Core §5.1; may be repeated',
      collectAssignments,
    )
  overDatabase<CreateOptions>(create, async ({ options, doorward }) => {
    const { parseClaimText } = await import('../../identity/standard-claims.ts')
    const claims = Object.entries(options.set ?? {}).map(([name, text]) => [name, parseClaimText(name, text)])
    const user = await doorward.users.create({
      email: options.email,
      ...(options.name === undefined ? {} : { name: options.name }),
      ...(options.passwordStdin ? { password: await newPassword(true) } : {}),
      emailVerified: options.emailVerified === true,
      roles: options.role ?? [],
      claims: Object.fromEntries(claims),
    })
    const later = `No password yet, so nobody can sign in with one: doorward users set-password ${user.email}`
    return {
      ...(await answerOf(doorward, user)),
      ...(user.hasPassword ? {} : { note: later }),
    }
  })
  examples(create, [
    'users create --email ada@example.com --name "Ada Lovelace" --password-stdin < password.txt',
    'users create --email ada@example.com --email-verified --role admin --set given_name=Ada --set locale=en-GB',
  ])
}

function readCommands(users: Command): void {
  const list = users
    .command('list')
    .description('show the users, ordered by their id')
    .option('--after <sub>', 'begin behind this user id')
    .option('--limit <count>', 'show at most this many', parseCount)
  overDatabase<{ after?: string; limit?: number }>(list, async ({ options, doorward }) => {
    const found = await everyUser(doorward, options)
    const roles = await rolesOf(doorward)
    const rows = found.map((user) => [
      user.id,
      user.email,
      nameOf(user),
      stateOf(user),
      moment(user.createdAt),
    ])
    return {
      json: found.map((user) => userToWire(user, roles(user.id))),
      text: table(['id', 'email', 'name', 'state', 'created'], rows, EMPTY),
    }
  })
  examples(list, ['users list', 'users list --limit 100 --json'])

  const show = users
    .command('show')
    .description('show one user, and how they sign in')
    .argument('<user>', 'e-mail or id')
  overDatabase(show, async ({ args, doorward }) => {
    const user = await doorward.users.show(args[0] ?? '')
    const methods = await doorward.users.signInMethods(user.id)
    const { json, text } = await answerOf(doorward, user, methods)
    return { json: { ...json, sign_in_methods: methods.map(signInMethodToWire) }, text }
  })
  examples(show, ['users show ada@example.com'])
}

function passwordCommand(users: Command): void {
  const setPassword = users
    .command('set-password')
    .description('set a new password, and end the sessions and tokens of the user')
    .argument('<user>', 'e-mail or id')
    .option('--password-stdin', 'read the password from stdin; one trailing newline is dropped')
  overDatabase<{ passwordStdin?: boolean }>(setPassword, async ({ args, options, doorward }) => {
    const user = await doorward.users.show(args[0] ?? '')
    const password = await newPassword(options.passwordStdin === true)
    await doorward.users.setPassword(user.id, password)
    return {
      ...(await answerOf(doorward, await doorward.users.show(user.id))),
      text: `${user.email} has a new password; sessions and tokens have ended.`,
    }
  })
  examples(setPassword, [
    'users set-password ada@example.com',
    'users set-password ada@example.com --password-stdin < password.txt',
  ])
}

function changeCommands(users: Command): void {
  const disable = users
    .command('disable')
    .description('lock a user out, and end the sessions and tokens of the user')
    .argument('<user>', 'e-mail or id')
  overDatabase(disable, ({ args, doorward }) => change(doorward, args[0], 'disable'))
  examples(disable, ['users disable ada@example.com'])

  const enable = users
    .command('enable')
    .description('let a disabled user sign in again')
    .argument('<user>', 'e-mail or id')
  overDatabase(enable, ({ args, doorward }) => change(doorward, args[0], 'enable'))
  examples(enable, ['users enable ada@example.com'])

  const remove = users
    .command('delete')
    .description('delete a user with all that belongs to it')
    .argument('<user>', 'e-mail or id')
    .option('--yes', 'do not ask')
  overDatabase<{ yes?: boolean }>(remove, async ({ args, options, doorward }) => {
    const user = await doorward.users.show(args[0] ?? '')
    await confirm(`This deletes ${user.email} with all sessions, tokens and consents.`, options.yes === true)
    await doorward.users.delete(user.id)
    return { json: { sub: user.id, deleted: true }, text: `${user.email} is deleted.` }
  })
  examples(remove, ['users delete ada@example.com', 'users delete u_kzc0 --yes --json'])
}

async function change(doorward: Workplace, name = '', verb: 'disable' | 'enable') {
  const user = await doorward.users.show(name)
  await doorward.users[verb](user.id)
  return {
    ...(await answerOf(doorward, await doorward.users.show(user.id))),
    text: `${user.email} is ${verb}d.`,
  }
}

function importCommand(users: Command): void {
  const importing = users
    .command('import')
    .description('add many users from a file of JSON lines; the good ones are added, the others reported')
    .argument('<file>', 'the file, or - for stdin')
    .addHelpText(
      'after',
      `
Each line is one JSON object:
  email           required
  name            full name
  password        in the clear, or
  password_hash   an argon2id PHC string, $argon2id$v=19$…
  email_verified  true or false
  roles           list of role names
  any standard claim of OpenID Connect Core §5.1, or all of them under "claims"

The exit code is 1 if a line could not be imported.`,
    )
  overDatabase(importing, ({ args, doorward }) => importUsers(doorward, args[0] ?? ''))
  examples(importing, ['users import users.jsonl', 'users import - --json < users.jsonl'])
}

async function answerOf(doorward: Workplace, user: UserView, methods: readonly SignInMethod[] = []) {
  const roles = (await rolesOf(doorward))(user.id)
  const claims = Object.entries(user.claims).map(
    ([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)] as const,
  )
  return {
    json: userToWire(user, roles),
    text: details([
      ['id', user.id],
      ['email', `${user.email}${user.emailVerified ? ' (verified)' : ''}`],
      ...claims,
      ['roles', roles.join(' ')],
      ['state', stateOf(user)],
      ...methods.map((method) => ['signs in with', methodText(method)] as const),
      ['created', moment(user.createdAt)],
    ]),
  }
}

function methodText(method: SignInMethod): string {
  if (method.type === 'password') return 'a password'
  const { provider, label, createdAt, lastUsedAt } = method
  const who = label === null ? '' : ` as ${label}`
  return `${provider}${who}, linked ${moment(createdAt)}, last used ${moment(lastUsedAt)}`
}

function nameOf(user: UserView): string {
  return typeof user.claims.name === 'string' ? user.claims.name : ''
}

function stateOf(user: UserView): string {
  if (user.disabledAt !== null) return 'disabled'
  return user.hasPassword ? 'active' : 'no password'
}
