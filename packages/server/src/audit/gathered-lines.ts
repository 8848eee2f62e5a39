import { write, writeSync } from 'node:fs'

/** Lines are gathered for so long; a crash loses at most these. */
const GATHER_MS = 100
/** A reader that is slow, and a disk that is full, are tried again after this. */
const RETRY_MS = 100
/** So much waits for a reader that has stalled; what comes beyond is dropped and counted. */
const MOST_WAITING = 16 * 1024 * 1024
/** At its end, a process gives the reader so many times RETRY_MS to go on. */
const LAST_TRIES = 20

/** How many characters are gathered before they are written, and how many one write has at most, of whole lines. */
export type Portions = { readonly gather: number; readonly atOnce: number }

const later = (error: NodeJS.ErrnoException): boolean => error.code === 'EAGAIN' || error.code === 'EBUSY'

/**
 * Lines on their way to a file descriptor, written some at a time beside the work that makes them. None is ever waited for, and
 * no failure reaches who writes: on a full disk lines wait, and are dropped in the end; where the reader has gone, nobody is left to tell.
 */
export class GatheredLines {
  readonly #fd: number
  readonly #portions: Portions
  /** What is said of lines that were dropped. */
  readonly #dropLine: (count: number) => string
  #full: string[] = []
  #open = ''
  #waiting = 0
  #dropped = 0
  #writing: Buffer | null = null
  #inFlight = false
  #gone = false
  #timer: NodeJS.Timeout | null = null

  constructor(fd: number, portions: Portions, dropLine: (count: number) => string) {
    this.#fd = fd
    this.#portions = portions
    this.#dropLine = dropLine
  }

  /** Takes one line, with its line break. */
  write(line: string): void {
    if (this.#gone) return
    if (this.#waiting + line.length > MOST_WAITING) {
      this.#dropped += 1
      return
    }
    this.#gather(line)
    if (this.#writing !== null) return
    if (this.#waiting >= this.#portions.gather) this.#next()
    else this.#after(GATHER_MS)
  }

  /** Writes what waits, now; a reader that is slow is waited for a while. What cannot be written then is lost. */
  flush(): void {
    if (this.#gone) return
    const tries = { left: LAST_TRIES }
    try {
      // What is in flight is written by another thread.
      if (this.#writing !== null && !this.#inFlight) this.#writeNow(this.#writing, tries)
      if (!this.#inFlight) this.#writing = null
      for (let text = this.#take(); text !== ''; text = this.#take()) this.#writeNow(Buffer.from(text), tries)
    } catch {
      // Nobody can be told any more.
    }
  }

  #gather(line: string): void {
    this.#waiting += line.length
    if (this.#open !== '' && this.#open.length + line.length > this.#portions.atOnce) {
      this.#full.push(this.#open)
      this.#open = ''
    }
    this.#open += line
  }

  /** The next portion, or an empty text. */
  #take(): string {
    const text = this.#full.shift() ?? this.#open
    if (text === this.#open && this.#full.length === 0) this.#open = ''
    this.#waiting -= text.length
    return text
  }

  #after(milliseconds: number): void {
    if (this.#timer !== null) return
    this.#timer = setTimeout(() => {
      this.#timer = null
      if (this.#writing === null) this.#next()
      else if (!this.#inFlight) this.#send(this.#writing)
    }, milliseconds)
    this.#timer.unref()
  }

  #next(): void {
    const text = this.#take()
    if (text !== '') this.#send(Buffer.from(text))
  }

  #send(bytes: Buffer): void {
    this.#writing = bytes
    this.#inFlight = true
    write(this.#fd, bytes, (error, written) => {
      this.#inFlight = false
      if (error !== null) this.#failed(error)
      else this.#sent(bytes.subarray(written))
    })
  }

  #failed(error: NodeJS.ErrnoException): void {
    if (error.code !== 'EPIPE') {
      this.#after(RETRY_MS)
      return
    }
    this.#gone = true
    this.#full = []
    this.#open = ''
    this.#writing = null
  }

  #sent(rest: Buffer): void {
    if (rest.length > 0) {
      this.#send(rest)
      return
    }
    this.#writing = null
    if (this.#dropped > 0) {
      const line = this.#dropLine(this.#dropped)
      this.#dropped = 0
      this.#gather(line)
    }
    if (this.#full.length > 0 || this.#waiting >= this.#portions.gather) this.#next()
    else if (this.#waiting > 0) this.#after(GATHER_MS)
  }

  #writeNow(bytes: Buffer, tries: { left: number }): void {
    for (let rest = bytes; rest.length > 0; ) {
      try {
        rest = rest.subarray(writeSync(this.#fd, rest))
      } catch (error) {
        if (!(error instanceof Error) || !later(error) || tries.left === 0) throw error
        tries.left -= 1
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS)
      }
    }
  }
}
