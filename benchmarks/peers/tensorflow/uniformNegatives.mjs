/**
 * Sampling as it is written in JavaScript. It is timed beside the steps; the steps take prepared triples. Positives are drawn by a shuffle
 * of all interactions, negatives uniformly, and again where the user has the item.
 */
export class UniformNegatives {
  #rowPointer
  #columns
  #userOfEach
  #items
  #order
  #next

  constructor({ rowPointer, columns, items }) {
    this.#rowPointer = rowPointer
    this.#columns = columns
    this.#items = items
    this.#userOfEach = new Uint32Array(columns.length)
    for (let user = 0; user + 1 < rowPointer.length; user++) {
      this.#userOfEach.fill(user, rowPointer[user], rowPointer[user + 1])
    }
    this.#order = Uint32Array.from(columns, (_, place) => place)
    this.#next = columns.length
  }

  draw(batch) {
    const users = new Int32Array(batch)
    const positives = new Int32Array(batch)
    const negatives = new Int32Array(batch)
    for (let b = 0; b < batch; b++) {
      if (this.#next === this.#order.length) this.#shuffle()
      const place = this.#order[this.#next++]
      const user = this.#userOfEach[place]
      let negative = Math.floor(Math.random() * this.#items)
      while (this.#has(user, negative)) negative = Math.floor(Math.random() * this.#items)
      users[b] = user
      positives[b] = this.#columns[place]
      negatives[b] = negative
    }
    return { users, positives, negatives }
  }

  /** Fisher–Yates. */
  #shuffle() {
    const order = this.#order
    for (let last = order.length - 1; last > 0; last--) {
      const other = Math.floor(Math.random() * (last + 1))
      const moved = order[last]
      order[last] = order[other]
      order[other] = moved
    }
    this.#next = 0
  }

  /** Bisection: a user's items are ascending. */
  #has(user, item) {
    let low = this.#rowPointer[user]
    let high = this.#rowPointer[user + 1]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#columns[middle] < item) low = middle + 1
      else high = middle
    }
    return low < this.#rowPointer[user + 1] && this.#columns[low] === item
  }
}
