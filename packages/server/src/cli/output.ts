/** What a command answers: one JSON document in RFC names, or a few lines for a person. */
export type Answer = {
  readonly json: unknown
  readonly text: string
  /** Goes to stderr in either form: what a person should know beside the answer. */
  readonly note?: string
  /** True where part of the work failed: the answer is printed, and the exit code is 1. */
  readonly failed?: boolean
}

/** Prints to stdout, the note to stderr. A reader that stops reading (`| head`) is no failure. */
export function print(answer: Answer, json: boolean): void {
  process.stdout.write(`${json ? JSON.stringify(answer.json, null, 2) : answer.text}\n`)
  if (answer.note !== undefined) process.stderr.write(`${answer.note}\n`)
}

/** Columns under their heads, two spaces apart; `empty` where there is no row, with the next step in it. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[], empty: string): string {
  if (rows.length === 0) return empty
  const lines = [heads.map((head) => head.toUpperCase()), ...rows.map((cells) => cells.map(plain))]
  const widths = heads.map((_, column) => Math.max(...lines.map((cells) => width(cells[column] ?? ''))))
  return lines
    .map((cells) =>
      cells
        .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - width(cell)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** Names and their values below each other; what has no value is left out. */
export function details(entries: readonly (readonly [name: string, value: string | null])[]): string {
  const shown = entries.flatMap(([name, value]) =>
    value === null || value === '' ? [] : [[name, plain(value)] as const],
  )
  const longest = Math.max(...shown.map(([name]) => name.length))
  return shown.map(([name, value]) => `${name.padEnd(longest)}  ${value}`).join('\n')
}

/** A moment in UTC, to the minute. */
export function moment(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

/** Without what would steer the terminal instead of being shown. */
export function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Bidi_Control}]/gu, '\u{fffd}')
}

function width(text: string): number {
  return [...text].length
}
