import { writeSync } from 'node:fs'
import type { Reporter, TestModule } from 'vitest/node'

type Counts = { passed: number; failed: number; skipped: number }

/** Counts tests, and as one failure each module or error that kept tests from running. */
const countTests = (modules: readonly TestModule[], strayErrors: number): Counts => {
  const counts: Counts = { passed: 0, failed: strayErrors, skipped: 0 }
  for (const module of modules) {
    let failedInside = 0
    for (const test of module.children.allTests()) {
      const state = test.result().state
      counts[state === 'pending' ? 'skipped' : state] += 1
      if (state === 'failed') failedInside += 1
    }
    if (module.state() === 'failed' && failedInside === 0) counts.failed += 1
  }
  return counts
}

/** Ends the output with one plain line, 'N passed, N failed[, N skipped]', for tools that know no runner. */
export default class CountsReporter implements Reporter {
  private line: string | null = null

  constructor() {
    process.once('exit', () => {
      if (this.line !== null) writeSync(1, `${this.line}\n`)
    })
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const { passed, failed, skipped } = countTests(modules, errors.length)
    this.line = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
  }
}
