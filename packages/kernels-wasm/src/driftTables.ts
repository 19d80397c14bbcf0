import { AdamDrift, type AdamOptimizer, type DriftTable } from '@gradrec/engine'
import { layOut, addressesFrom } from './layout.ts'
import type { LinearMemory, Region } from './linearMemory.ts'

/** Room for the blocks of long spans to begin with. */
const FIRST_LONG_BLOCKS = 4096

/** The drift coefficients that lazy Adam reads, kept in the engine's memory: see assembly/lazyAdam.ts. */
export class DriftTables {
  readonly #memory: LinearMemory
  readonly #optimizer: AdamOptimizer
  readonly #drift: AdamDrift
  readonly #region: Region
  readonly #at: Readonly<Record<ArrayName, number>>
  #longBlocks: Region
  #longSpans = 0
  #ahead: HorizonTables | undefined

  /** @param horizon steps of the longest horizon */
  constructor(memory: LinearMemory, optimizer: AdamOptimizer, horizon: number) {
    this.#memory = memory
    this.#optimizer = optimizer
    this.#drift = new AdamDrift(optimizer)
    const layout = layOut(arraySizes(this.#drift, horizon))
    this.#region = memory.allocate(layout.bytes, 'the drift tables of lazy Adam')
    this.#at = addressesFrom(this.#region.address, layout)
    this.#longBlocks = memory.allocate(16 * FIRST_LONG_BLOCKS, 'the drift tables of lazy Adam')
  }

  /** Fields of the fit's block that say where the tables are. */
  get fields(): Readonly<Record<ArrayName | 'longBlocks' | 'fades' | 'settles', number>> {
    const { fades, settles } = this.#drift
    return { ...this.#at, longBlocks: this.#longBlocks.address, fades, settles }
  }

  /** Computes the tables of a horizon before it is their turn: while other threads train. */
  computeAhead(done: number, steps: number): void {
    this.#ahead = this.#tables(done, steps)
    const { fades, settles } = this.#drift
    this.#drift.long(this.#longSpans, Math.min(done - fades, settles) + 1)
  }

  /** Writes the tables for a horizon of `steps` steps that begins after step `done`. */
  prepare(done: number, steps: number): void {
    const { beta1, beta2 } = this.#optimizer
    const at = this.#at
    const isAhead = this.#ahead?.done === done && this.#ahead.steps === steps
    const { within, recent } = isAhead && this.#ahead !== undefined ? this.#ahead : this.#tables(done, steps)
    this.#writePowers(at.withinPowers1, beta1, steps + 1)
    this.#writePowers(at.withinPowers2, beta2, steps + 1)
    this.#writeTable(at.withinStart, at.withinBlocks, within)
    this.#writeCatchUp(done, recent)
  }

  /** Writes the tables that bring rows up to step `done`. */
  prepareCatchUp(done: number): void {
    this.#writeCatchUp(done, this.#ahead?.done === done ? this.#ahead.recent : this.#drift.recent(done))
  }

  free(): void {
    this.#memory.free(this.#region)
    this.#memory.free(this.#longBlocks)
  }

  #tables(done: number, steps: number): HorizonTables {
    return { done, steps, within: this.#drift.within(done, steps), recent: this.#drift.recent(done) }
  }

  #writeCatchUp(done: number, recent: DriftTable): void {
    const { fades, settles } = this.#drift
    this.#writePowers(this.#at.recentPowers1, this.#optimizer.beta1, fades)
    this.#writeTable(this.#at.recentStart, this.#at.recentBlocks, recent)
    this.#growLong(Math.min(done - fades, settles) + 1)
  }

  /** Long spans never change: only new ones are written, and the room for their blocks doubles when it is full. */
  #growLong(spans: number): void {
    if (spans <= this.#longSpans) return
    const added = this.#drift.long(this.#longSpans, spans)
    const end = 16 * (added.start.at(-1) ?? 0)
    if (end > this.#longBlocks.bytes) {
      const larger = this.#memory.allocate(Math.max(end, 2 * this.#longBlocks.bytes), 'the drift tables of lazy Adam')
      const blocks = this.#drift.long(0, spans).blocks
      this.#memory.floats(larger.address, blocks.length).set(blocks)
      this.#memory.free(this.#longBlocks)
      this.#longBlocks = larger
    } else {
      const address = this.#longBlocks.address + 16 * (added.start[0] ?? 0)
      this.#memory.floats(address, added.blocks.length).set(added.blocks)
    }
    this.#memory.words(this.#at.longStart + 4 * this.#longSpans, added.start.length).set(added.start)
    this.#longSpans = spans
  }

  #writePowers(address: number, base: number, count: number): void {
    const powers = this.#memory.floats(address, count)
    for (let n = 0; n < count; n++) powers[n] = Math.pow(base, n)
  }

  #writeTable(startAddress: number, blocksAddress: number, { start, blocks }: DriftTable): void {
    this.#memory.words(startAddress, start.length).set(start)
    this.#memory.floats(blocksAddress, blocks.length).set(blocks)
  }
}

interface HorizonTables {
  readonly done: number
  readonly steps: number
  readonly within: DriftTable
  readonly recent: DriftTable
}

type ArrayName =
  | 'withinPowers1'
  | 'withinPowers2'
  | 'withinStart'
  | 'withinBlocks'
  | 'recentPowers1'
  | 'recentStart'
  | 'recentBlocks'
  | 'longStart'

/** Bytes that `DriftTables` takes to begin with: the blocks of long spans may double a few times as steps are made. */
export function driftTableBytes(optimizer: AdamOptimizer, horizon: number): number {
  return layOut(arraySizes(new AdamDrift(optimizer), horizon)).bytes + 16 * FIRST_LONG_BLOCKS
}

function arraySizes(drift: AdamDrift, horizon: number): Record<ArrayName, number> {
  const { fades, settles } = drift
  const spans = ((horizon + 1) * (horizon + 2)) / 2
  // Spans that begin after the first step take the most blocks.
  const mostBlocks = drift.long(1, 2).blocks.length / 4
  return {
    withinPowers1: 4 * (horizon + 1),
    withinPowers2: 4 * (horizon + 1),
    withinStart: 4 * (spans + 1),
    withinBlocks: 16 * spans * mostBlocks,
    recentPowers1: 4 * fades,
    recentStart: 4 * (fades + 1),
    recentBlocks: 16 * fades * mostBlocks,
    longStart: 4 * (settles + 2),
  }
}
