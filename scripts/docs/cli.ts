import type { Command } from 'commander'
import { createProgram } from '../../packages/server/src/cli/program.ts'

/** The reference of the command line: what each command's --help prints. */
export function cliPage(): string {
  const program = createProgram()
  const sections = leaves(program, '').map(({ path, command }) => section(path, command))
  return `# Command line

\`npx doorward <command>\`; in this repository \`npm exec doorward -- <command>\`.

- Every command takes \`--data DIR\` (the embedded database; default \`./.doorward\`) or \`--database-url postgres://…\` (also
  \`DOORWARD_DATABASE_URL\`), and works while the server runs.
- \`--json\` prints one JSON document on stdout, in the RFCs' names.
- Errors go to stderr. Exit code 1: it failed. 2: it was written wrongly.

${sections.join('\n')}`
}

type Leaf = { readonly path: string; readonly command: Command }

function leaves(parent: Command, prefix: string): Leaf[] {
  return parent.commands
    .filter((command) => command.name() !== 'help')
    .flatMap((command) => {
      const path = `${prefix}${command.name()}`
      return command.commands.length > 0 ? leaves(command, `${path} `) : [{ path, command }]
    })
}

function section(path: string, command: Command): string {
  let text = ''
  command.configureOutput({ writeOut: (part) => (text += part), getOutHelpWidth: () => 110 })
  command.outputHelp()
  return `## ${path}\n\`\`\`\n${text.trimEnd()}\n\`\`\`\n`
}
