import type { Request } from './arguments.ts'
import { checkMachine, moveToCore, surroundings } from './machine.ts'
import { alone } from './machine-lock.ts'
import { measureRow, type Settings } from './measure/rounds.ts'
import { LOAD_CORE, SERVER_CORE } from './measure/wrk.ts'
import { buildPackages, installPeers, versionOf } from './packages.ts'
import { type ProgressLine, progressLine } from './progress-line.ts'
import { rowTable } from './report/table.ts'
import { rowHolds } from './report/verdict.ts'
import type { RowResult } from './results.ts'
import type { Row } from './row.ts'
import { storeResults } from './store.ts'

/** Seconds that a contender takes beside its load: to start, to be checked, to be given what it uses up. */
const SET_UP_SECONDS = 6

/** Measures rows one after the other; each is printed and kept as soon as it is done. Answers whether all hold. */
export async function runRows(
  rows: readonly Row[],
  asked: Request,
  ids: readonly string[],
): Promise<boolean> {
  checkMachine()
  const progress = progressLine(process.stderr)
  await inTurn(progress, async () => {
    buildPackages(progress.show)
    installPeers(progress.show)
  })
  moveToCore(LOAD_CORE)
  const settings = { ...asked, cores: { server: SERVER_CORE, load: LOAD_CORE } }
  let allHold = true
  for (const [at, row] of rows.entries()) {
    const minutes = Math.ceil(secondsFor(rows.slice(at), settings) / 60)
    const place = `[${at + 1} of ${rows.length}, about ${minutes} min left] ${row.id}`
    const own = settingsOf(row, settings)
    const result = await measured(row, own, {
      ...progress,
      show: (text) => progress.show(`${place}: ${text}`),
    })
    if (result !== null) storeResults([result], ids)
    allHold &&= result !== null && rowHolds(result)
  }
  return allHold
}

/** Nothing is measured, or taken from under its feet, while another benchmark is at it. */
const inTurn = <Result>({ show }: ProgressLine, work: () => Promise<Result>): Promise<Result> =>
  alone((pid) => show(`waiting for another benchmark on this machine, process ${pid}`), work)

/** A row that fails is told of and does not end the others: null. */
async function measured(row: Row, settings: Settings, progress: ProgressLine): Promise<RowResult | null> {
  try {
    const { id, group, title, figure, targets } = row
    const contenders = await inTurn(progress, () => measureRow(row, settings, progress.show))
    const versioned = contenders.map((one) => ({ ...one, version: one.version ?? versionOf(one.name) }))
    const result = {
      id,
      group,
      title,
      ...(figure === undefined ? {} : { figure }),
      surroundings: surroundings(settings),
      targets,
      contenders: versioned,
    }
    progress.clear()
    console.log(`${rowTable(result)}\n`)
    return result
  } catch (cause) {
    progress.clear()
    console.error(`${row.id} was not measured. ${cause instanceof Error ? cause.message : cause}\n`)
    return null
  }
}

/** The settings that were asked for, as this row needs them. */
function settingsOf({ connections, longer = 1 }: Row, asked: Settings): Settings {
  return { ...asked, connections: connections ?? asked.connections, seconds: asked.seconds * longer }
}

function secondsFor(rows: readonly Row[], asked: Settings): number {
  return rows.reduce((sum, row) => {
    const { warmUpSeconds, rounds, seconds } = settingsOf(row, asked)
    return sum + row.contenders.length * (SET_UP_SECONDS + warmUpSeconds + rounds * seconds)
  }, 0)
}
