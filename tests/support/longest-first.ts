import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** What takes longest, in a fresh clone where no earlier run has measured it. */
const longest = [
  'tests/readme.',
  'tests/crash/kill.',
  'tests/packed/',
  'test/pages/accessibility.',
  'tests/browser/',
]

const rank = ({ moduleId }: TestSpecification): number => {
  const at = longest.findIndex((part) => moduleId.includes(part))
  return at < 0 ? longest.length : at
}

/** Starts the longest files first, so that none of them runs alone at the end. */
export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return sorted.toSorted((one, other) => rank(one) - rank(other))
  }
}
