import type { Request } from './arguments.ts'
import { checkMachine, moveToCore, surroundings } from './machine.ts'
import { measureRow } from './measure/rounds.ts'
import { LOAD_CORE, SERVER_CORE } from './measure/wrk.ts'
import { buildPackages, installPeers, versionOf } from './packages.ts'
import { progressLine } from './progress-line.ts'
import { rowTable } from './report/table.ts'
import { rowHolds } from './report/verdict.ts'
import type { RowResult } from './results.ts'
import type { Row } from './row.ts'
import { storeResults } from './store.ts'

/** Measures rows one after the other; each is printed and kept as soon as it is done. Answers whether all hold. */
export async function runRows(
  rows: readonly Row[],
  asked: Request,
  ids: readonly string[],
): Promise<boolean> {
  checkMachine()
  const progress = progressLine(process.stderr)
  buildPackages(progress.show)
  installPeers(progress.show)
  moveToCore(LOAD_CORE)
  let allHold = true
  for (const [at, row] of rows.entries()) {
    const where = `[${at + 1} of ${rows.length}] ${row.id}`
    const result = await resultOf(row, asked, (doing) => progress.show(`${where}: ${doing}`))
    progress.clear()
    console.log(`${rowTable(result)}\n`)
    storeResults([result], ids)
    allHold &&= rowHolds(result)
  }
  return allHold
}

async function resultOf(row: Row, asked: Request, progress: (doing: string) => void): Promise<RowResult> {
  const { id, group, title, targets } = row
  const settings = { ...asked, cores: { server: SERVER_CORE, load: LOAD_CORE } }
  const contenders = await measureRow(row, settings, progress)
  const versioned = contenders.map((one) => ({ ...one, version: one.version ?? versionOf(one.name) }))
  return { id, group, title, surroundings: surroundings(asked), targets, contenders: versioned }
}
