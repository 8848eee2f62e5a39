import { decodeStrings, encodeJson } from './json.ts'
import { announce } from './outbox.ts'
import type { Resources } from './ports.ts'
import type { Resource, SigningAlg } from './records.ts'
import { count, type Runner, row, rows, statement, type Verb } from './statement.ts'

type ResourceColumns = {
  readonly uri: string
  readonly name: string | null
  readonly scopes: string
  readonly claims: string
  readonly access_token_lifetime: number | null
  readonly signing_alg: SigningAlg | null
  readonly created_at: number
}

const COLUMNS = [
  'uri',
  'name',
  'scopes',
  'claims',
  'access_token_lifetime',
  'signing_alg',
  'created_at',
] as const

const insertResource = statement((db, v: ResourceColumns) =>
  db
    .insertInto('resources')
    .values({
      uri: v.uri,
      name: v.name,
      scopes: v.scopes,
      claims: v.claims,
      access_token_lifetime: v.access_token_lifetime,
      signing_alg: v.signing_alg,
      created_at: v.created_at,
    })
    .onConflict((conflict) => conflict.doNothing()),
)
const selectOne = statement((db, v: { uri: string }) =>
  db.selectFrom('resources').select(COLUMNS).where('uri', '=', v.uri),
)
const selectAll = statement((db) => db.selectFrom('resources').select(COLUMNS).orderBy('uri'))
/** The foreign key takes the permissions at it along. */
const deleteResource = statement((db, v: { uri: string }) =>
  db.deleteFrom('resources').where('uri', '=', v.uri),
)

const toResource = (columns: ResourceColumns): Resource => ({
  uri: columns.uri,
  name: columns.name,
  scopes: decodeStrings(columns.scopes),
  claims: decodeStrings(columns.claims),
  accessTokenLifetime: columns.access_token_lifetime,
  signingAlg: columns.signing_alg,
  createdAt: columns.created_at,
})

function* insert(resource: Resource): Verb<Resource | null> {
  const inserted = yield* count(insertResource, {
    uri: resource.uri,
    name: resource.name,
    scopes: encodeJson(resource.scopes),
    claims: encodeJson(resource.claims),
    access_token_lifetime: resource.accessTokenLifetime,
    signing_alg: resource.signingAlg,
    created_at: resource.createdAt,
  })
  if (inserted === 0) return null
  yield* announce('resource', resource.uri, resource.createdAt)
  return resource
}

function* find(uri: string): Verb<Resource | null> {
  const found = yield* row(selectOne, { uri })
  return found === null ? null : toResource(found)
}

function* list(): Verb<readonly Resource[]> {
  return (yield* rows(selectAll, {})).map(toResource)
}

function* remove(uri: string, now: number): Verb<boolean> {
  if ((yield* count(deleteResource, { uri })) === 0) return false
  yield* announce('resource', uri, now)
  return true
}

/** `Resources` of the ports over one database. */
export function createResources(run: Runner): Resources {
  return {
    insert: (resource) => run.write(() => insert(resource)),
    find: (uri) => run.read(() => find(uri)),
    list: () => run.read(list),
    delete: (uri, now) => run.write(() => remove(uri, now)),
  }
}
