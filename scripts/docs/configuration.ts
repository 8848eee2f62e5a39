import * as z from 'zod'
import { DEFAULTS } from '../../packages/server/src/config/defaults.ts'
import { PROVIDER_KINDS } from '../../packages/server/src/config/provider-kinds.ts'
import { configSchema } from '../../packages/server/src/config/schema.ts'

type Node = {
  readonly type?: string
  readonly description?: string
  readonly default?: unknown
  readonly enum?: readonly unknown[]
  readonly minimum?: number
  readonly maximum?: number
  readonly properties?: Readonly<Record<string, Node>>
  readonly anyOf?: readonly Node[]
}

/** The reference of settings, from the schema that parses them. */
export function configurationPage(): string {
  const schema = z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' }) as Node
  const rows = Object.entries(schema.properties ?? {}).flatMap(([name, node]) =>
    // Of a setting that is transformed the schema of its input has no default.
    name === 'providers' ? fields(name, { ...node, default: DEFAULTS.providers }) : fields(name, node),
  )
  return `# Configuration

\`doorward start --config FILE\` reads a JSON file, or a module (\`.ts\`, \`.mjs\`, \`.js\`) with a default export; \`createDoorward({ … })\` takes the same
settings, and [a few of its own](../guides/mount-in-your-app.md#options). Flags win over the file. An unknown key, or a value out of range, stops the start with a message that names it.

\`\`\`json
{ "branding": { "name": "Example", "accent": "#7a1f5c" }, "session": { "idleSeconds": 3600 } }
\`\`\`

| environment | |
|---|---|
| \`DOORWARD_DATABASE_URL\` | like \`--database-url\` |
| \`DOORWARD_SECRET\` | key-encryption secrets, separated by spaces: the first seals, all open. Without it a file \`secret\` is made in the data folder; with PostgreSQL it is needed, or \`--data\` beside the URL |
| \`DOORWARD_DEBUG\` | set to anything: a command that fails prints where |

| setting | default | what it does |
|---|---|---|
${rows.join('\n')}

## Providers

Each entry of \`providers\` names a provider of [@doorward/client](client.md) and gives its options:

\`\`\`json
{
  "providers": [
    { "provider": "google", "clientId": "…", "clientSecret": { "env": "GOOGLE_SECRET" } },
    { "provider": "oidc", "id": "acme", "name": "Acme", "issuer": "https://id.acme.example", "clientId": "…", "clientSecret": "…" }
  ]
}
\`\`\`

- A secret is text, or the name of an environment variable: \`{ "env": "NAME" }\`.
- \`id\` is what the provider's addresses are made of: \`/login/<id>\`, and \`/login/<id>/callback\`, which is registered there. Ids differ; \`choose\` is
  a page of the server. At most 20 providers.
- \`linkByEmail\` (default \`true\`): whether the provider's word on an e-mail proves the address. \`false\`: it neither joins an account
  that has the address, nor makes one that has it verified. See [accounts and providers](../explanation/accounts-and-providers.md).
- \`oauth2\` names the members of the userinfo answer that say who signed in: \`"profile": { "subject": "id", "email": "mail", "emailVerified": "mail_verified", "name": "login", "picture": "avatar" }\`.
  Without \`emailVerified\` no address counts as verified.
- In code, \`createDoorward({ providers: [google({ … })] })\` takes what the functions of \`@doorward/client\` make, with \`linkByEmail\` beside it.

| \`provider\` | takes, beside \`linkByEmail\` |
|---|---|
${providerRows().join('\n')}
`
}

/** Providers that take the same stand in one row. */
function providerRows(): string[] {
  const byOptions = Map.groupBy(Object.entries(PROVIDER_KINDS), ([, { keys }]) =>
    keys.map((key) => `\`${key}\``).join(' '),
  )
  return [...byOptions].map(
    ([options, kinds]) => `| ${kinds.map(([name]) => `\`${name}\``).join(' ')} | ${options} |`,
  )
}

function fields(path: string, node: Node): string[] {
  if (node.properties !== undefined) {
    return Object.entries(node.properties).flatMap(([name, child]) => fields(`${path}.${name}`, child))
  }
  return [`| \`${path}\` | ${defaultOf(node)} | ${cell(node.description ?? '')}${range(node)} |`]
}

function defaultOf(node: Node): string {
  return node.default === undefined ? '' : `\`${JSON.stringify(node.default)}\``
}

function range(node: Node): string {
  const inner = node.anyOf?.find(({ type }) => type !== 'null') ?? node
  if (inner.enum !== undefined)
    return ` One of ${inner.enum.map((value) => `\`${String(value)}\``).join(', ')}.`
  if (inner.minimum === undefined || inner.maximum === undefined) return ''
  return ` From ${inner.minimum} to ${inner.maximum}.`
}

const cell = (text: string): string => text.replaceAll('|', '\\|')
