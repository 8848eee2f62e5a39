import type { Command } from 'commander'
import type { KeyView } from '../../management/keys.ts'
import { examples, overDatabase } from '../database-command.ts'
import { confirm } from '../input.ts'
import { moment, table } from '../output.ts'

const EMPTY = 'There are no signing keys yet: the first start of the server makes them.'

/** `doorward keys …` */
export function keysCommand(program: Command): void {
  const keys = program.command('keys').description('the keys that sign tokens')
  listCommand(keys)
  rotateCommand(keys)
  compromiseCommand(keys)
}

function listCommand(keys: Command): void {
  const list = keys.command('list').description('show the signing keys and where they are in their life')
  overDatabase(list, async ({ doorward }) => {
    const found = await doorward.keys.list()
    const rows = found.map((key) => [key.kid, key.alg, key.state, moment(key.signsFrom), ends(key)])
    return {
      json: { keys: found.map(keyToWire) },
      text: table(['kid', 'alg', 'state', 'signs from', 'gone at'], rows, EMPTY),
    }
  })
  examples(list, ['keys list', 'keys list --json'])
}

function rotateCommand(keys: Command): void {
  const rotate = keys
    .command('rotate')
    .description('publish the next keys; they take over once every cache of the JWKS can know them')
  overDatabase(rotate, async ({ doorward }) => {
    const next = await doorward.keys.rotate()
    const rows = next.map(({ kid, alg, signsFrom }) => [kid, alg, moment(signsFrom)])
    return {
      json: {
        keys: next.map(({ kid, alg, signsFrom }) => ({ kid, alg, use: 'sig', signs_from: signsFrom })),
      },
      text: table(['kid', 'alg', 'signs from'], rows, EMPTY),
    }
  })
  examples(rotate, ['keys rotate'])
}

function compromiseCommand(keys: Command): void {
  const compromise = keys
    .command('compromise')
    .description('take a key away at once: what it signed is refused from now on')
    .argument('<kid>')
    .option('--yes', 'do not ask')
  overDatabase<{ yes?: boolean }>(compromise, async ({ args: [kid = ''], options, doorward }) => {
    await confirm(
      `This removes the key ${kid}. Every token that it signed stops to work.`,
      options.yes === true,
    )
    const { replacement } = await doorward.keys.compromise(kid)
    const next = replacement === null ? '' : ` ${replacement} signs from now on.`
    return { json: { kid, compromised: true, replacement }, text: `${kid} is gone.${next}` }
  })
  examples(compromise, ['keys compromise kzc0Uo2cQv', 'keys compromise kzc0Uo2cQv --yes --json'])
}

function ends(key: KeyView): string {
  return key.goneAt === null ? '' : moment(key.goneAt)
}

/** A key in the names of RFC 7517 §4, and ours where it has none. Times are seconds since 1970. */
function keyToWire(key: KeyView): Record<string, unknown> {
  return {
    kid: key.kid,
    alg: key.alg,
    use: 'sig',
    state: key.state,
    created_at: key.createdAt,
    signs_from: key.signsFrom,
    retired_at: key.retiredAt,
    gone_at: key.goneAt,
  }
}
