import type { SafeFetch } from '@doorward/client/outgoing'
import type { Deps } from '../deps.ts'
import type { LiveKeyring } from '../keys/keyring.ts'
import type { OutboxEntry } from '../storage/records.ts'
import { deliverLogouts } from './back-channel-logout.ts'
import { createNewsReader } from './news.ts'
import { createConnectionsReseal } from './reseal-connections.ts'
import { type Job, repeat } from './schedule.ts'
import { sweepAll } from './sweep.ts'

/** All processes follow a change within a second. */
const NEWS_MS = 500
const SECOND_MS = 1_000
/** News is missed only between nodes whose clocks are far apart: what is kept is read again regardless. */
const REFRESH_MS = 60_000

type JobDeps = Omit<Deps, 'keyring'> & { readonly keyring: LiveKeyring; readonly safeFetch: SafeFetch }

/** What a process keeps of records beside the keys, and has to forget when they change. */
export type Keeper = {
  readonly onNews: (entries: readonly OutboxEntry[]) => void
  /** After each reading of the news, whether there were any. */
  readonly onHeard: () => void
  /** Now and then: forgets everything, whatever was heard. */
  readonly onRefresh: () => void
}

/** Starts what runs beside requests: news, keys, sweeping, logout deliveries. `stop` ends them all. */
export function startJobs(deps: JobDeps, since: number, keeper: Keeper): Job {
  const { keyring, audit, config } = deps
  const fault = (cause: unknown) => audit.fault(null, cause)
  let stopped = false
  const readNews = createNewsReader(
    deps,
    async (entries) => {
      keeper.onNews(entries)
      if (entries.some((entry) => entry.kind === 'keys')) await keyring.refresh()
    },
    since,
  )
  const hearNews = async () => {
    await readNews()
    keeper.onHeard()
  }
  const jobs = [
    repeat(NEWS_MS, hearNews, fault),
    repeat(SECOND_MS, () => keyring.upkeep(), fault),
    repeat(REFRESH_MS, async () => keeper.onRefresh(), fault),
    repeat(REFRESH_MS, () => keyring.refresh(), fault),
    repeat(SECOND_MS, () => deliverLogouts(deps), fault),
    repeat(SECOND_MS, createConnectionsReseal(deps), fault),
    repeat(
      config.sweep.intervalSeconds * SECOND_MS,
      async () => void (await sweepAll(deps, { stopped: () => stopped })),
      fault,
    ),
  ]
  return {
    async stop() {
      stopped = true
      await Promise.all(jobs.map((job) => job.stop()))
    },
  }
}
