import type { Request } from './arguments.ts'
import { keepStoresIn } from './contenders/growth/store.ts'
import { checkMachine, moveToCore, surroundings } from './machine.ts'
import { alone } from './machine-lock.ts'
import { measureGauge } from './measure/gauge.ts'
import { measureRow, type Progress, type Settings } from './measure/rounds.ts'
import { LOAD_CORE, SERVER_CORE } from './measure/wrk.ts'
import { buildPackages, installPeers, versionOf } from './packages.ts'
import { type ProgressLine, progressLine } from './progress-line.ts'
import { gaugeTable, gaugeVerdict } from './report/gauge.ts'
import { rowTable } from './report/table.ts'
import { rowHolds } from './report/verdict.ts'
import { type GaugeResult, isGauge, type Result, type RowResult } from './results.ts'
import type { Gauge, Row } from './row.ts'
import { storeResults } from './store.ts'

/** Seconds that one reading of a gauge takes, about. */
const GAUGE_SECONDS = 15

/** Seconds that a turn takes beside its load: to start, to be checked, to be given what it uses up. */
const SET_UP_SECONDS = 4

/** Measures rows one after the other; each is printed and kept as soon as it is done. Answers whether all hold. */
export async function runRows(
  rows: readonly (Row | Gauge)[],
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
  if (asked.stores !== null) keepStoresIn(asked.stores)
  const settings = { ...asked, cores: { server: SERVER_CORE, load: LOAD_CORE } }
  let allHold = true
  for (const [at, row] of rows.entries()) {
    const minutes = Math.ceil(secondsFor(rows.slice(at), settings) / 60)
    const place = `[${at + 1} of ${rows.length}, about ${minutes} min left] ${row.id}`
    const result = await measured(row, settings, {
      ...progress,
      show: (text) => progress.show(`${place}: ${text}`),
    })
    if (result !== null && !asked.quick) storeResults([result], ids)
    allHold &&= result !== null && (isGauge(result) ? gaugeVerdict(result).holds : rowHolds(result))
  }
  return allHold
}

/** Nothing is measured, or taken from under its feet, while another benchmark is at it. */
const inTurn = <Result>({ show }: ProgressLine, work: () => Promise<Result>): Promise<Result> =>
  alone((pid) => show(`waiting for another benchmark on this machine, process ${pid}`), work)

/** A row that fails is told of and does not end the others: null. */
async function measured(
  row: Row | Gauge,
  settings: Settings,
  progress: ProgressLine,
): Promise<Result | null> {
  try {
    const result = await inTurn<Result>(progress, () =>
      'measure' in row
        ? gaugeResult(row, settings, progress.show)
        : rowResult(row, settingsOf(row, settings), progress.show),
    )
    progress.clear()
    console.log(`${isGauge(result) ? gaugeTable(result) : rowTable(result)}\n`)
    return result
  } catch (cause) {
    progress.clear()
    console.error(`${row.id} was not measured. ${cause instanceof Error ? cause.message : cause}\n`)
    return null
  }
}

async function rowResult(row: Row, settings: Settings, progress: Progress): Promise<RowResult> {
  const { id, group, title, figure, targets } = row
  const contenders = await measureRow(row, settings, progress)
  return {
    id,
    group,
    title,
    ...(figure === undefined ? {} : { figure }),
    surroundings: surroundings(settings),
    targets,
    contenders: contenders.map((one) => ({ ...one, version: one.version ?? versionOf(one.name) })),
  }
}

async function gaugeResult(gauge: Gauge, settings: Settings, progress: Progress): Promise<GaugeResult> {
  const { id, group, title, note, unit, atMost } = gauge
  const readings = await measureGauge(gauge, settings, progress)
  const version = versionOf('Doorward')
  const rounds = readings.length
  return {
    id,
    group,
    title,
    note,
    unit,
    atMost,
    version,
    surroundings: surroundings({ ...settings, rounds }),
    readings,
  }
}

/** The settings that were asked for, as this row needs them. */
function settingsOf({ connections, longer = 1 }: Row, asked: Settings): Settings {
  return { ...asked, connections: connections ?? asked.connections, seconds: asked.seconds * longer }
}

function secondsFor(rows: readonly (Row | Gauge)[], asked: Settings): number {
  return rows.reduce((sum, row) => {
    if ('measure' in row) return sum + GAUGE_SECONDS * row.rounds
    const { warmUpSeconds, rounds, seconds } = settingsOf(row, asked)
    return sum + row.contenders.length * rounds * (SET_UP_SECONDS + warmUpSeconds + seconds)
  }, 0)
}
