import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ROOT } from './machine.ts'
import { chart } from './report/chart.ts'
import { mergeResults, type Result, type Results } from './results.ts'

const RESULTS = join(ROOT, 'benchmarks/results/latest.json')
const CHART = join(ROOT, 'docs/assets/benchmarks.svg')

/** Puts rows in the place of their older ones, in `benchmarks/results/latest.json`, and draws the chart anew. */
export function storeResults(newer: readonly Result[], ids: readonly string[]): void {
  const results = mergeResults(keptResults(), newer, ids)
  write(RESULTS, `${JSON.stringify(results, null, 2)}\n`)
  write(CHART, chart(results))
}

/** What `benchmarks/results/latest.json` holds. */
export const keptResults = (): Results =>
  existsSync(RESULTS) ? JSON.parse(readFileSync(RESULTS, 'utf8')) : { rows: [] }

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  // Whole or not at all: a run that is broken off leaves the earlier one's.
  writeFileSync(`${path}.new`, text)
  renameSync(`${path}.new`, path)
}
