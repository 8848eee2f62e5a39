import { OptionError } from './errors.ts'
import type { ClientStore } from './ports.ts'

type Verbs<Noun> = { readonly [Verb in keyof Noun]: true }

const VERBS: { readonly sessions: Verbs<ClientStore['sessions']> } & {
  readonly vault: Verbs<ClientStore['vault']>
  readonly replays: Verbs<ClientStore['replays']>
} = {
  sessions: {
    insert: true,
    find: true,
    touch: true,
    delete: true,
    deleteForSubject: true,
    endUpstream: true,
  },
  vault: {
    ...{ find: true, put: true, lease: true, replace: true, release: true, delete: true },
    ...{ findByKey: true, countByKey: true, reseal: true },
  },
  replays: { insertOnce: true },
}

/** All that a store has to have, as `sessions.find`. */
const NAMES: readonly string[] = [
  ...Object.entries(VERBS).flatMap(([noun, verbs]) => Object.keys(verbs).map((verb) => `${noun}.${verb}`)),
  ...['sweep', 'close'],
]

/** Checks that a store has every verb of `ClientStore`. Throws OptionError, which names the one that is missing. */
export function checkStore(store: ClientStore | undefined): ClientStore | null {
  if (store === undefined) return null
  const missing = NAMES.find((name) => typeof at(store, name.split('.')) !== 'function')
  if (missing === undefined) return store
  const message = `store has no ${missing}. Give sqliteStore({ file }), postgresStore({ … }), or an object with every verb of ClientStore.`
  throw new OptionError('store', message)
}

function at(value: unknown, [name, ...rest]: readonly string[]): unknown {
  if (name === undefined) return value
  // A method may be the prototype's.
  return typeof value === 'object' && value !== null ? at(Reflect.get(value, name), rest) : undefined
}
