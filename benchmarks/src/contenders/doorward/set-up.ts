import { type SigningAlg, WORK } from '../token-work.ts'

/** How Doorward is set up in every row. */
export const DOORWARD = {
  name: 'Doorward',
  kind: 'doorward',
  note: '`doorward start` as published, with its defaults: embedded database on disk (synchronous=FULL), every check, log to a file.',
} as const

/** The command that makes the resource of the token rows. */
export const resourceCommand = (alg: SigningAlg): readonly string[] => [
  ...['resources', 'create', WORK.resource, '--scope', WORK.scope],
  ...['--signing-alg', alg, '--access-token-lifetime', `${WORK.lifetimeSeconds}s`],
]
