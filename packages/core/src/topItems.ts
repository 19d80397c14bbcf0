/** Keeps the k best of the items that it is offered: higher scores first, ties to the lower item number. */
export class TopItems {
  /** The kept items in no order, until `sort`. */
  readonly items: Uint32Array
  /** Parallel to `items`. */
  readonly scores: Float64Array
  #size = 0

  constructor(k: number) {
    this.items = new Uint32Array(k)
    this.scores = new Float64Array(k)
  }

  /** How many are kept. */
  get size(): number {
    return this.#size
  }

  clear(): void {
    this.#size = 0
  }

  offer(item: number, score: number): void {
    if (this.#size < this.items.length) this.#siftUp(this.#size++, item, score)
    else if (this.#size > 0 && isBetter(score, item, this.scores[0]!, this.items[0]!)) {
      this.#siftDown(0, this.#size, item, score)
    }
  }

  /** Brings the kept items into their order, best first. Nothing can be offered until they are cleared. */
  sort(): void {
    for (let end = this.#size - 1; end > 0; end--) {
      const [item, score] = [this.items[end]!, this.scores[end]!]
      this.items[end] = this.items[0]!
      this.scores[end] = this.scores[0]!
      this.#siftDown(0, end, item, score)
    }
  }

  // A binary heap with the worst on top: what is offered has to beat that one.

  #siftUp(place: number, item: number, score: number): void {
    while (place > 0) {
      const parent = (place - 1) >> 1
      if (!isBetter(this.scores[parent]!, this.items[parent]!, score, item)) break
      this.#move(parent, place)
      place = parent
    }
    this.#put(place, item, score)
  }

  #siftDown(place: number, size: number, item: number, score: number): void {
    for (;;) {
      let child = 2 * place + 1
      if (child >= size) break
      const right = child + 1
      if (right < size && this.#isBetterAt(child, right)) child = right
      if (!isBetter(score, item, this.scores[child]!, this.items[child]!)) break
      this.#move(child, place)
      place = child
    }
    this.#put(place, item, score)
  }

  #isBetterAt(a: number, b: number): boolean {
    return isBetter(this.scores[a]!, this.items[a]!, this.scores[b]!, this.items[b]!)
  }

  #move(from: number, to: number): void {
    this.#put(to, this.items[from]!, this.scores[from]!)
  }

  #put(place: number, item: number, score: number): void {
    this.items[place] = item
    this.scores[place] = score
  }
}

function isBetter(score: number, item: number, thanScore: number, thanItem: number): boolean {
  return score > thanScore || (score === thanScore && item < thanItem)
}
