import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { createInterface } from 'node:readline'
import { parseAnswer, PeerError, type Answers, type Request } from './messages.ts'
import type { Peer } from './peer.ts'

/** How long a peer may take to load its library and data, in milliseconds. */
const LOADING = 120_000

/** A peer at work in a process of its own, so that its memory and its threads are its own. One request at a time. */
export class PeerProcess {
  readonly peer: Peer
  readonly ready: Answers['ready']
  private readonly connection: Connection

  private constructor(peer: Peer, connection: Connection, ready: Answers['ready']) {
    this.peer = peer
    this.connection = connection
    this.ready = ready
  }

  /**
   * Starts a peer and waits until it has loaded.
   *
   * @throws PeerError, with the last line of its stderr, where it ends instead
   */
  static async start(peer: Peer): Promise<PeerProcess> {
    const connection = new Connection(peer)
    const timer = setTimeout(() => connection.close(), LOADING)
    try {
      return new PeerProcess(peer, connection, parseAnswer(peer.label, 'ready', await connection.line()))
    } catch (error) {
      connection.close()
      throw error
    } finally {
      clearTimeout(timer)
    }
  }

  async steps(count: number): Promise<Answers['trained']> {
    return parseAnswer(this.peer.label, 'trained', await this.connection.ask({ steps: count }))
  }

  async save(folder: string): Promise<Answers['saved']> {
    return parseAnswer(this.peer.label, 'saved', await this.connection.ask({ save: folder }))
  }

  /** Ends the process. */
  close(): void {
    this.connection.close()
  }
}

/** Lines to and from a child process. */
class Connection {
  private readonly label: string
  private readonly child: ChildProcessWithoutNullStreams
  private readonly lines: AsyncIterator<string>
  private failure: string | undefined
  private errors = ''

  constructor({ label, command: [program, ...args], environment }: Peer) {
    this.label = label
    this.child = spawn(program, args, { env: { ...process.env, ...environment } })
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]()
    this.child.stderr.on('data', (text: Buffer) => (this.errors = (this.errors + text.toString()).slice(-4000)))
    this.child.on('error', (error) => (this.failure = error.message))
    // A process that has ended is noticed by the line that does not come.
    this.child.stdin.on('error', () => {})
  }

  ask(request: Request): Promise<string> {
    this.child.stdin.write(`${JSON.stringify(request)}\n`)
    return this.line()
  }

  /** The next line that is an answer: libraries greet, too. */
  async line(): Promise<string> {
    let next = await this.lines.next()
    while (next.done !== true && !next.value.startsWith('{')) next = await this.lines.next()
    if (next.done !== true) return next.value
    await this.ended()
    throw new PeerError(`${this.label}: ${this.failure ?? lastLine(this.errors) ?? 'it ended without a word'}`)
  }

  close(): void {
    this.child.kill()
  }

  /** stderr has been read to its end only then. */
  private ended(): Promise<void> {
    if (this.failure !== undefined || this.child.stderr.closed) return Promise.resolve()
    return new Promise((resolve) => this.child.once('close', () => resolve()))
  }
}

/** What went wrong, as Python and Node print it: the line that names the error, or the last that says anything. */
function lastLine(text: string): string | undefined {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  return lines.findLast((line) => /^\w*(Error|Exception)\b.*:/.test(line)) ?? lines.at(-1)
}
