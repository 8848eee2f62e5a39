import { expect, it } from 'vitest'
import { doorwardBin, start } from '../../../../tests/support/process.ts'
import { temporaryFolder } from './doorward.ts'

const folder = await temporaryFolder()
const tellPackages = new URL('./programs/tell-packages.ts', import.meta.url)

it('a server without providers loads neither of the libraries that ask them', async () => {
  const args = [`--import=${tellPackages}`, doorwardBin, 'start', '--port', '0', '--data', folder]
  const server = start(process.execPath, args)
  await server.line(/ready at/)
  const packages = server.line(/^packages: (.+)$/m)
  expect(await server.end('SIGTERM')).toBe(0)
  const loaded = (await packages)[1]?.split(' ')
  // So that an empty list is no proof.
  expect(loaded).toContain('hono')
  expect(loaded).not.toContain('jose')
  expect(loaded).not.toContain('oauth4webapi')
})
