import type { TextStream } from '../context.ts'

export interface OutputOptions {
  /** Keeps everything but results and errors to itself. */
  readonly quiet: boolean
  /** Whether the terminal understands colours and wants them. */
  readonly colour: boolean
  /** Milliseconds, for pacing. */
  now(): number
}

/** Milliseconds between two states of the live line: on a terminal, and as lines of a log. */
const LIVE_INTERVAL = { terminal: 100, log: 10_000 } as const

/**
 * The only place that writes: results to stdout, everything else to stderr. On a terminal the live line is redrawn in place;
 * elsewhere it becomes a plain line every so often.
 */
export class Output {
  private readonly stdout: TextStream
  private readonly stderr: TextStream
  private readonly options: OutputOptions
  private drawn = false
  private lastLive = -Infinity

  constructor(stdout: TextStream, stderr: TextStream, options: OutputOptions) {
    this.stdout = stdout
    this.stderr = stderr
    this.options = options
  }

  result(text: string): void {
    this.clear()
    this.stdout.write(`${text}\n`)
  }

  log(text: string): void {
    if (this.options.quiet) return
    this.clear()
    this.stderr.write(`${text}\n`)
  }

  /** A fact with its name in front: `data      1,000 users …`. */
  fact(name: string, text: string): void {
    const label = name.padEnd(10)
    this.log(`${this.options.colour ? `\u001B[1m${label}\u001B[22m` : label}${text}`)
  }

  live(text: string): void {
    const terminal = this.stderr.isTTY === true
    const now = this.options.now()
    if (this.options.quiet || now - this.lastLive < LIVE_INTERVAL[terminal ? 'terminal' : 'log']) return
    // The first state of a log's live line has nothing to say yet.
    if (terminal || this.lastLive !== -Infinity) this.draw(text, terminal)
    this.lastLive = now
  }

  /** Takes the live line off the terminal. */
  clear(): void {
    if (!this.drawn) return
    this.stderr.write('\r\u001B[2K')
    this.drawn = false
  }

  private draw(text: string, terminal: boolean): void {
    if (!terminal) {
      this.stderr.write(`${text}\n`)
      return
    }
    // A line wider than the terminal would wrap, and could not be taken back.
    this.stderr.write(`\r\u001B[2K${text.slice(0, (this.stderr.columns ?? 80) - 1)}`)
    this.drawn = true
  }
}
