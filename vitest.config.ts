import { defineConfig } from 'vitest/config'
import LongestFirst from './tests/support/longest-first.ts'

/** Workspace packages are read from their sources: no build before a test. */
const sources = '@doorward/source'
const shared = {
  resolve: { conditions: [sources, 'module', 'node'] },
  ssr: { resolve: { conditions: [sources, 'module', 'node'], externalConditions: [sources] } },
}
/** The stages of a request within the server, none of which needs PostgreSQL. */
const STAGES = [
  'packages/server/test/{client-authentication,config,endpoints,grants,http,identity,keys,management,memory,policy,tokens}/**/*.test.ts',
]
const run = {
  pool: 'forks' as const,
  testTimeout: 30_000,
  hookTimeout: 60_000,
  // What is polled for comes in milliseconds; on a busy machine, later.
  expect: { poll: { timeout: 15_000 } },
}

export default defineConfig({
  ...shared,
  test: {
    reporters: ['default', './tests/support/counts-reporter.ts'],
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        ...shared,
        test: {
          ...run,
          name: 'pure',
          isolate: false,
          include: ['packages/{core,guard}/test/**/*.test.ts', 'tests/benchmarks/**/*.test.ts'],
        },
      },
      {
        ...shared,
        test: {
          ...run,
          name: 'stages',
          // Functions over records and deps of each test's own: the modules hold nothing that one file could leave to another,
          // and loading them takes longer than most of these files.
          isolate: false,
          include: STAGES,
        },
      },
      {
        ...shared,
        test: {
          ...run,
          name: 'whole',
          include: ['packages/{client,server}/test/**/*.test.ts', 'tests/**/*.test.ts'],
          exclude: ['tests/benchmarks/**', ...STAGES],
          // One real PostgreSQL for the run, started only when a file of this project runs.
          globalSetup: ['./tests/support/postgres-server.ts'],
        },
      },
    ],
  },
})
