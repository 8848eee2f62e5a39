import { cliPage } from './cli.ts'
import { clientPage } from './client.ts'
import { configurationPage } from './configuration.ts'
import { errorsPage } from './errors.ts'
import { eventsPage } from './events.ts'

/** The pages of docs/reference that are made from the code, by their path. */
export const GENERATED_PAGES: ReadonlyMap<string, () => string> = new Map([
  ['docs/reference/configuration.md', configurationPage],
  ['docs/reference/errors.md', errorsPage],
  ['docs/reference/events.md', eventsPage],
  ['docs/reference/cli.md', cliPage],
  ['docs/reference/client.md', clientPage],
])
