/** Says what is under way. */
export type ProgressLine = {
  show(text: string): void
  /** Makes room for lasting output. */
  clear(): void
}

/** A terminal, or a file. */
type Output = { readonly isTTY: boolean; readonly columns: number; write(text: string): boolean }

/** One line that is written over on a terminal; elsewhere a plain line whenever it changes. */
export function progressLine(stream: Output): ProgressLine {
  if (!stream.isTTY) return plainLines(stream)
  const clear = () => stream.write('\r\x1b[2K')
  return {
    show: (text) => {
      clear()
      // Some terminals do not say how wide they are.
      stream.write(text.slice(0, (stream.columns || 80) - 1))
    },
    clear,
  }
}

function plainLines(stream: Output): ProgressLine {
  let last = ''
  return {
    show: (text) => {
      if (text !== last) stream.write(`${text}\n`)
      last = text
    },
    clear: () => undefined,
  }
}
