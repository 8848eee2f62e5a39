import { describe, expect, it } from 'vitest'
import { type ProgressLine, progressLine } from '../../benchmarks/src/progress-line.ts'

const shown = (isTTY: boolean, use: (progress: ProgressLine) => void): string => {
  const written: string[] = []
  const stream = { isTTY, columns: 20, write: (text: string) => written.push(text) > 0 }
  use(progressLine(stream))
  return written.join('')
}

describe('the progress of a benchmark', () => {
  it('is one line on a terminal, written over and never wider', () => {
    const text = shown(true, (progress) => {
      progress.show('warming up')
      progress.show('a line that is far too long for it')
      progress.clear()
    })
    expect(text).toBe('\r\x1b[2Kwarming up\r\x1b[2Ka line that is far \r\x1b[2K')
  })

  it('is plain lines elsewhere, each once', () => {
    const text = shown(false, (progress) => {
      progress.show('waiting')
      progress.show('waiting')
      progress.clear()
      progress.show('round 1 of 3')
    })
    expect(text).toBe('waiting\nround 1 of 3\n')
  })
})
