// The real one: a test of an app that replaces the clock would else hold up every request after it.
const later = setImmediate

let end: Promise<void> | null = null

/**
 * Comes when the event loop has handled what it found ready. What waits for it goes on one right behind the other, and so do the
 * answers: whoever reads them is woken once for all of them, and not once for each.
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
