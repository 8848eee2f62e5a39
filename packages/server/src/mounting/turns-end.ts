// The real one: a test of an app that replaces the clock would else hold up every request after it.
const later = setImmediate

let end: Promise<void> | null = null

/**
 * Comes when the event loop has handled what it found ready. Answers that wait for it leave one right behind the other: whoever reads
 * them, on another core or behind a network card, is woken once for all of them, and not once for each.
 */
export function turnsEnd(): Promise<void> {
  end ??= new Promise((resolve) => {
    later(() => {
      end = null
      resolve()
    })
  })
  return end
}
