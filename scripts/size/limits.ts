import type { Installed } from './installed.ts'

/** What an install of a package may bring, itself included: at most so many packages, under so many MB (null: any). */
type Limit = { readonly name: string; readonly packages: number; readonly megabytes: number | null }

/** Few packages are few people to trust. Optional peer dependencies do not count: the app has them anyway. */
export const LIMITS: readonly Limit[] = [
  { name: 'doorward', packages: 89, megabytes: 55 },
  { name: '@doorward/guard', packages: 3, megabytes: null },
  { name: '@doorward/client', packages: 5, megabytes: null },
]

/** One install beside its limits. */
export type Verdict = {
  readonly name: string
  readonly packages: number
  readonly packages_at_most: number
  readonly megabytes: number
  readonly megabytes_under: number | null
  readonly within: boolean
}

/** Holds an install against its limits. */
export function judge(installed: Installed, { name, packages, megabytes }: Limit): Verdict {
  const size = installed.bytes / 1e6
  return {
    name,
    packages: installed.packages.length,
    packages_at_most: packages,
    megabytes: Math.round(size * 100) / 100,
    megabytes_under: megabytes,
    within: installed.packages.length <= packages && (megabytes === null || size < megabytes),
  }
}

/** The verdicts as a table for a terminal. */
export function sizeTable(verdicts: readonly Verdict[]): string {
  const rows = [
    ['PACKAGE', 'PACKAGES', 'AT MOST', 'MB', 'UNDER', ''],
    ...verdicts.map((verdict) => [
      verdict.name,
      String(verdict.packages),
      String(verdict.packages_at_most),
      verdict.megabytes.toFixed(2),
      verdict.megabytes_under === null ? '-' : String(verdict.megabytes_under),
      verdict.within ? 'ok' : 'too much',
    ]),
  ]
  const widths = [0, 1, 2, 3, 4, 5].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
