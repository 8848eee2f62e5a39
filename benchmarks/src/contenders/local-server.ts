import { fileURLToPath } from 'node:url'
import { startServerProcess } from './server-process.ts'

/** The address of a started server of ours, and the process. */
export type LocalServer = { readonly url: string; readonly pid: number; stop(): Promise<void> }

/**
 * Starts a file of this package as a server. It listens on a free port and prints `listening on PORT`; `settings`
 * reach it as JSON in BENCH_SETTINGS.
 */
export async function startLocalServer(file: URL, cpu: number, settings: unknown): Promise<LocalServer> {
  const { pid, match, stop } = await startServerProcess({
    command: ['node', fileURLToPath(file)],
    cpu,
    env: { BENCH_SETTINGS: JSON.stringify(settings) },
    ready: /^listening on (\d+)$/m,
  })
  return { url: `http://127.0.0.1:${match[1]}`, pid, stop }
}
