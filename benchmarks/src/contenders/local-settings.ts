import type { Server } from 'node:http'

/** What the benchmark gave a server of its own to know (see local-server.ts). */
export function localSettings<Settings>(): Settings {
  return JSON.parse(process.env.BENCH_SETTINGS ?? '') as Settings
}

/** Listens on a free port of this machine and says so. */
export function listenLocally(server: Server): void {
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    announcePort(typeof address === 'object' && address !== null ? address.port : 0)
  })
}

/** The line that the benchmark waits for. */
export function announcePort(port: number): void {
  console.log(`listening on ${port}`)
}
