import type { Import } from './imports.ts'

export type Violation = { readonly path: string; readonly rule: string; readonly detail: string }

type Rule = {
  readonly rule: string
  /** Files the rule speaks about. */
  readonly from: RegExp
  /** What they must not import … */
  readonly never: RegExp
  /** … but for this. */
  readonly but?: RegExp
  /** True where the names of types may be imported nevertheless. */
  readonly typesFree?: true
}

const server = 'packages/server/src'
const inServer = (...places: readonly string[]): RegExp => new RegExp(`^${server}/(?:${places.join('|')})`)

/** Who may import whom. Each rule says what a reader may rely on. */
const RULES: readonly Rule[] = [
  {
    rule: 'core knows nobody: no other package, no npm package',
    from: /^packages\/core\/src\//,
    never: /./,
    but: /^packages\/core\/src\/|^node:/,
  },
  {
    rule: 'only core/crypto touches node:crypto; everybody else takes it from @doorward/core/crypto',
    from: /^packages\/[^/]+\/src\/(?!crypto\/)|^packages\/(?!core\/)[^/]+\/src\/crypto\//,
    never: /^node:crypto$/,
  },
  {
    rule: 'core does no IO: of Node it knows node:crypto alone, in core/crypto',
    from: /^packages\/core\/src\//,
    never: /^node:/,
    but: /^node:crypto$/,
  },
  {
    rule: 'the guard knows core alone',
    from: /^packages\/guard\/src\//,
    never: /^packages\//,
    but: /^packages\/(?:guard|core)\/src\//,
  },
  {
    rule: 'the client knows core alone',
    from: /^packages\/client\/src\//,
    never: /^packages\//,
    but: /^packages\/(?:client|core)\/src\//,
  },
  {
    rule: 'the client knows databases in its stores alone',
    from: /^packages\/client\/src\/(?!stores\/)/,
    never: /^npm:pg$|^node:sqlite$/,
  },
  {
    rule: 'the client knows no framework: the types of one at most',
    from: /^packages\/client\/src\//,
    never: /^npm:(?:express|fastify|hono)$/,
    typesFree: true,
  },
  {
    rule: 'providers are data: they know core and themselves, and the types of others',
    from: /^packages\/client\/src\/providers\//,
    never: /^packages\/client\/src\//,
    but: /^packages\/client\/src\/(?:providers\/|errors\.ts|options\.ts)/,
    typesFree: true,
  },
  {
    rule: 'only create-client.ts wires the client',
    from: /^packages\/client\/src\/(?!index\.ts|create-client\.ts)/,
    never: /^packages\/client\/src\/(?:index|create-client)\.ts/,
    typesFree: true,
  },
  {
    rule: 'the server knows core (and the client) alone',
    from: /^packages\/server\/src\//,
    never: /^packages\//,
    but: /^packages\/(?:server|core|client)\/src\//,
  },
  {
    rule: 'nothing imports the server but tests, examples and benchmarks',
    from: /^packages\/(?!server\/)/,
    never: /^packages\/server\//,
  },
  {
    rule: 'sources import no tests, examples or scripts',
    from: /^packages\/[^/]+\/src\//,
    never: /^(?:tests|examples|scripts|benchmarks)\/|^packages\/[^/]+\/test\//,
  },
  {
    rule: 'nothing imports benchmarks but their own tests',
    from: /^(?!benchmarks\/|tests\/benchmarks\/)/,
    never: /^benchmarks\//,
  },
  {
    rule: 'a peer is imported by a server of its own alone: the harness runs before peers are installed',
    from: /^benchmarks\/src\/(?!contenders\/.*\/servers\/)/,
    never: /^npm:/,
  },
  {
    rule: 'what judges and reports of benchmarks is pure',
    from: /^benchmarks\/src\/(?:report\/|results\.ts|measure\/(?:wrk-output|process-stat|core-time)\.ts)/,
    never: /^node:/,
  },
  {
    rule: 'only main.ts knows a concrete database',
    from: inServer('(?!storage/|main\\.ts)'),
    never: inServer('storage/(?:sqlite|postgres)'),
  },
  {
    rule: 'SQL and drivers stay in storage',
    from: inServer('(?!storage/)'),
    never: /^npm:(?:kysely|pg)$|^node:sqlite$/,
  },
  {
    rule: 'policy is pure: it knows core and itself, and the types of others',
    from: inServer('policy/'),
    never: inServer(''),
    but: inServer('policy/'),
    typesFree: true,
  },
  {
    rule: 'storage knows core, configuration, what it remembers with, and itself',
    from: inServer('storage/'),
    never: inServer(''),
    but: inServer('storage/', 'config/', 'memory/', 'version'),
  },
  {
    rule: 'what a process remembers with knows nobody',
    from: inServer('memory/'),
    never: /./,
  },
  {
    rule: 'pages are pure functions of a view: they know core and themselves, and the types of others',
    from: inServer('pages/'),
    never: inServer(''),
    but: inServer('pages/'),
    typesFree: true,
  },
  {
    rule: 'grants know neither HTTP nor endpoints nor pages',
    from: inServer('grants/', 'client-authentication/', 'tokens/', 'keys/', 'identity/', 'audit/', 'config/'),
    never: inServer('http/', 'endpoints/', 'pages/', 'cli/', 'mounting/', 'console/'),
    typesFree: true,
  },
  {
    rule: 'what grants use does not know grants',
    from: inServer('client-authentication/', 'tokens/', 'keys/', 'identity/', 'audit/', 'config/', 'http/'),
    never: inServer('grants/'),
  },
  {
    rule: 'endpoints are given to the app, they do not know it',
    from: inServer('endpoints/', 'grants/', 'pages/', 'policy/', 'storage/', 'tokens/', 'keys/', 'identity/'),
    never: inServer(
      'main\\.ts',
      'handlers\\.ts',
      'start\\.ts',
      'index\\.ts',
      'cli/',
      'mounting/',
      'http/app',
      'http/routes',
    ),
  },
  {
    rule: 'nothing imports a command but the commands',
    from: inServer('(?!cli/)'),
    never: inServer('cli/'),
  },
]

const endpointOf = (path: string): string | null =>
  path.match(/^packages\/server\/src\/endpoints\/([^/]+?)(?:\.ts|\/)/)?.[1] ?? null

/** Endpoints have no sideways imports; a folder of an endpoint may hold private files. */
const sidewaysImports = (imports: readonly Import[]): readonly Violation[] =>
  imports
    .filter(({ from, to }) => {
      const [own, other] = [endpointOf(from), endpointOf(to)]
      return own !== null && other !== null && own !== other
    })
    .map(({ from, to }) => ({
      path: from,
      rule: 'no sideways import between endpoints',
      detail: `imports ${to}`,
    }))

/** Each import that a rule forbids. */
export const checkDirection = (imports: readonly Import[]): readonly Violation[] => {
  const broken = RULES.flatMap(({ rule, from, never, but, typesFree }) =>
    imports
      .filter((one) => from.test(one.from) && never.test(one.to) && but?.test(one.to) !== true)
      .filter((one) => !(typesFree === true && one.typeOnly))
      .map((one) => ({ path: one.from, rule, detail: `imports ${one.to}` })),
  )
  return [...broken, ...sidewaysImports(imports)]
}

/** Circles of imports that exist at run time, each named once by its files in order. */
export const checkCircles = (imports: readonly Import[]): readonly Violation[] => {
  const next = new Map<string, Set<string>>()
  for (const { from, to, typeOnly } of imports) {
    if (typeOnly || !/^(?:packages|benchmarks)\//.test(to)) continue
    next.set(from, (next.get(from) ?? new Set()).add(to))
  }
  const done = new Set<string>()
  const circles: Violation[] = []
  const visit = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path)
    if (at >= 0) {
      const circle = [...trail.slice(at), path].join(' → ')
      circles.push({ path, rule: 'imports make no circle', detail: circle })
      return
    }
    if (done.has(path)) return
    for (const to of next.get(path) ?? []) visit(to, [...trail, path])
    done.add(path)
  }
  for (const path of next.keys()) visit(path, [])
  return circles
}
