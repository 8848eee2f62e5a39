import { readFileSync } from 'node:fs'
import { CAUSES } from '../../packages/client/src/errors.ts'

const SOURCE = new URL('../../packages/client/src/options.ts', import.meta.url)

/** The reference of the client library: its options, from their own comments, and its causes, from their table. */
export function clientPage(): string {
  const text = readFileSync(SOURCE, 'utf8')
  const options = members(text, 'ClientOptions')
    .filter(({ name }) => name !== 'paths')
    .map(({ name, says }) => `| \`${name}\` | ${says} |`)
  const paths = members(text, 'PathOptions').map(({ name, says }) => `| \`${name}\` | ${says} |`)
  const causes = Object.entries(CAUSES).map(
    ([code, { status, explanation, fix }]) => `### ${code}\nStatus ${status}. ${explanation} ${fix}\n`,
  )
  return `# The client library

\`createClient({ … })\` of \`@doorward/client\`. A mistake in the options throws \`OptionError\` where the client is made, and names the
option and the fix. [Sign in with any provider](../guides/sign-in-with-any-provider.md) shows it at work.

## Options

| option | what it does |
|---|---|
${options.join('\n')}

### Paths
\`paths\` says where the client answers, under the path of \`baseUrl\`.

| path | |
|---|---|
${paths.join('\n')}

## Cause codes
Whatever fails is a \`ClientError\` with a stable \`code\`. \`onError\` gets it; browsers get a page that names cause and fix,
programs JSON with \`reason\` and \`message\`. \`detail\` has the provider's own words: escape them.

${causes.join('\n')}`
}

type Member = { readonly name: string; readonly says: string }

/** The members of a type that has a comment on each, which runs over one line or more. */
function members(source: string, type: string): readonly Member[] {
  const [, body = ''] = new RegExp(`export type ${type} = \\{\\n([\\s\\S]*?)\\n\\}`).exec(source) ?? []
  return [...body.matchAll(/\/\*\*([\s\S]*?)\*\/\s*readonly (\w+)\??:/g)].map(
    ([, comment = '', name = '']) => ({
      name,
      says: comment
        .replace(/\s*\n\s*\*\s*/g, ' ')
        .trim()
        .replaceAll('|', '\\|'),
    }),
  )
}
