// The command line as it is published: from `dist`. In a clone, packages/server/bin runs the sources instead.
import { main } from '../../../../packages/server/dist/cli/main.js'

await main(process.argv.slice(2))
