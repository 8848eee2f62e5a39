import type { Command } from 'commander'

/** Client ids have 22 signs and key ids 43, of base64url, whose signs include the dash. */
const DASHED_ID = /^-(?:[\w-]{21}|[\w-]{42})$/

/**
 * One id in 64 begins with a dash and would be taken for an option. Those that stand where an argument stands
 * are moved behind `--`, which ends the options.
 */
export function shieldDashedIds(argv: readonly string[], program: Command): readonly string[] {
  const end = argv.indexOf('--')
  const options = end === -1 ? argv : argv.slice(0, end)
  const explicit = end === -1 ? [] : argv.slice(end + 1)
  const flags = flagsOf(program)
  const isId = (word: string, index: number) =>
    DASHED_ID.test(word) && !flags.has(word) && flags.get(options[index - 1] ?? '') !== 'value'
  const ids = options.filter(isId)
  if (ids.length === 0) return argv
  return [...options.filter((word, index) => !isId(word, index)), '--', ...ids, ...explicit]
}

/** Every flag of every command, and whether a value follows it. */
function flagsOf(command: Command): ReadonlyMap<string, 'value' | 'alone'> {
  const own = command.options.map(
    (option) => [option.long ?? '', option.required ? 'value' : 'alone'] as const,
  )
  return new Map([...own, ...command.commands.flatMap((child) => [...flagsOf(child)])])
}
