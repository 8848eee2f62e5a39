import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { parseConfig } from '../../src/config/parse.ts'
import type { ConfigInput } from '../../src/config/schema.ts'
import type { AuditEvent } from '../../src/deps.ts'
import { createPasswords } from '../../src/identity/passwords.ts'
import { createSecrets } from '../../src/keys/secrets.ts'
import { openStorage } from '../../src/storage/open.ts'
import { createUpstreams } from '../../src/upstream/providers.ts'

export const NOW = 1_800_000_000
export const SECRET = 'a secret for tests only, of no use elsewhere'
/** Hashes that take no time. */
const CHEAP = { memoryKiB: 8, passes: 1, lanes: 1 }

/** A folder that goes with the test. */
export async function testFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'doorward-test-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** What the server is made of, over a real embedded database, with a clock that the test moves. */
export async function testDeps(settings: Partial<ConfigInput> = {}, dataDir?: string) {
  const storage = await openStorage({ dataDir: dataDir ?? (await testFolder()) })
  onTestFinished(() => storage.close())
  const config = parseConfig({ issuer: 'http://localhost:4000', passwordHash: CHEAP, ...settings })
  const events: AuditEvent[] = []
  const faults: unknown[] = []
  let now = NOW
  const secrets = createSecrets([SECRET])
  return {
    config,
    storage,
    upstreams: createUpstreams({ config, secrets, clock: () => now }),
    events,
    faults,
    secrets,
    passwords: createPasswords(config.passwordHash),
    audit: {
      record: (event: AuditEvent) => void events.push(event),
      fault: (_reference: string | null, cause: unknown) => void faults.push(cause),
    },
    clock: () => now,
    pass: (seconds: number) => {
      now += seconds
    },
  }
}
