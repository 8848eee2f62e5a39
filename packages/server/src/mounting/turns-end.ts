let end: Promise<void> | null = null

/**
 * Comes when the event loop has handled what it found ready. Answers that wait for it leave one right behind the other: whoever reads
 * them, on another core or behind a network card, is woken once for all of them, and not once for each.
 */
export function turnsEnd(): Promise<void> {
  end ??= new Promise((resolve) => {
    setImmediate(() => {
      end = null
      resolve()
    })
  })
  return end
}
