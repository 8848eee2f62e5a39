import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { Agent, get } from 'node:http'

/** What a look at a process finds; null where it has gone meanwhile. */
const look = <T>(find: () => T): T | null => {
  try {
    return find()
  } catch {
    return null
  }
}

const parentOf = (pid: number): number | null =>
  look(() => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is a name in brackets and may hold anything: what follows it counts.
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return state === 'Z' ? null : Number(parent)
  })

/** The processes that `pid` has started and that still run. */
export const workersOf = (pid: number): readonly number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((child) => parentOf(child) === pid)

/** True until the process has ended. */
export const isRunning = (pid: number): boolean => parentOf(pid) !== null

/** The inode of the socket at the server's end of a connection, from the kernel's table. */
const inodeOf = (serverPort: number, clientPort: number): string | null => {
  const rows = ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/net/${table}`, 'utf8').split('\n').slice(1),
  )
  const port = (address: string | undefined) => Number.parseInt(address?.split(':')[1] ?? '', 16)
  for (const row of rows) {
    const fields = row.trim().split(/\s+/)
    if (port(fields[1]) === serverPort && port(fields[2]) === clientPort) return fields[9] ?? null
  }
  return null
}

const holds = (pid: number, inode: string): boolean =>
  (look(() => readdirSync(`/proc/${pid}/fd`)) ?? []).some(
    (fd) => look(() => readlinkSync(`/proc/${pid}/fd/${fd}`)) === `socket:[${inode}]`,
  )

/** Which of `pids` answered `url`, asked on a connection of its own; null where none of them holds it. */
export const answererOf = (url: string, pids: readonly number[]): Promise<number | null> => {
  const agent = new Agent({ keepAlive: true })
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      const { remotePort = 0, localPort = 0 } = response.socket
      const inode = inodeOf(remotePort, localPort)
      resolve((inode === null ? undefined : pids.find((pid) => holds(pid, inode))) ?? null)
      response.resume()
      response.on('end', () => agent.destroy())
    }).on('error', reject)
  })
}
