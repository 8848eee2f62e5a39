import { CAUSES } from '../../packages/client/src/errors.ts'
import { type Member, membersOf } from './members.ts'

/** The reference of the client library: options and methods from their own comments, and its causes, from their table. */
export function clientPage(): string {
  const causes = Object.entries(CAUSES).map(
    ([code, { status, explanation, fix }]) => `### ${code}\nStatus ${status}. ${explanation} ${fix}\n`,
  )
  return `# The client library

\`createClient({ … })\` of \`@doorward/client\`. A mistake in the options throws \`OptionError\` where the client or the provider is
made; its message names the option and the fix. [Sign in with any provider](../guides/sign-in-with-any-provider.md) shows it at work.

## Options

${options(membersOf('client/src/options.ts', 'ClientOptions').filter(({ name }) => name !== 'paths'))}

### Paths
\`paths\` says where the client answers, under the path of \`baseUrl\`.

${options(membersOf('client/src/options.ts', 'PathOptions'))}

${providers()}

## What createClient gives

${methods('SignIn')}

### requireSession
A browser that opens a page without a session is sent to the sign-in, or offered all providers; a program gets 401.

${methods('RequireSession')}

## Cause codes
Whatever fails is a \`ClientError\` with a stable \`code\`. \`onError\` gets it; browsers get a page that names cause and fix,
programs JSON with \`reason\` and \`message\`. \`detail\` has the provider's own words: escape them.

${causes.join('\n')}`
}

function providers(): string {
  const of = (file: string, type: string): string =>
    options(membersOf(`client/src/providers/${file}.ts`, type))
  return `## Options of providers
Every provider takes these; \`oidc()\`, and \`auth0\`, \`doorward\`, \`keycloak\` and \`okta\`, which are made by it, those of the next section.

${of('provider', 'ProviderOptions')}

### oidc()
Those above, and these. \`clientSecret\` may be left out here.

${of('oidc', 'OidcOptions')}

### oauth2()
\`clientId\` and \`authorizationParameters\` as above, and these.

${of('oauth2', 'OAuth2Options')}

### apple()
In place of \`clientSecret\`; \`clientId\` is the Services ID.

${of('apple-client-secret', 'AppleKey')}

### auth0(), gitlab(), microsoft()

${options([...own('auth0', 'Auth0Options'), ...own('gitlab', 'GitlabOptions'), ...own('microsoft', 'MicrosoftOptions')])}

### Endpoints
Members of \`endpoints\`.

${of('provider', 'Endpoints')}

### Quirks
Members of \`quirks\`, each \`true\` or left out.

${table('quirk', membersOf('client/src/providers/provider.ts', 'Quirks'))}`
}

/** The options that one provider has more than others, with its name. */
function own(file: string, type: string): readonly Member[] {
  const members = membersOf(`client/src/providers/${file}.ts`, type)
  return members.map((member) => ({ ...member, says: `\`${file}()\`: ${member.says}` }))
}

function methods(type: string): string {
  const members = membersOf('client/src/create-client.ts', type)
  return table(
    'member',
    members.map((member) => ({ ...member, name: member.written.replaceAll('|', '\\|') })),
  )
}

function options(members: readonly Member[]): string {
  return table(
    'option',
    members.map((member) => (member.optional ? member : { ...member, says: `**Required.** ${member.says}` })),
  )
}

function table(head: string, members: readonly Member[]): string {
  const rows = members.map(({ name, says }) => `| \`${name}\` | ${says} |`)
  return [`| ${head} | what it does |`, '|---|---|', ...rows].join('\n')
}
