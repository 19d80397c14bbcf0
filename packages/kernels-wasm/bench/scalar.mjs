// The same work as the engine's kernels in plain TypeScript-style loops over typed arrays, one number at a time: what SIMD is
// compared with. Written to be fast as scalar code goes: flat arrays, no allocation, no calls in inner loops.

/** Score and update of one planned step of matrix factorisation with Adam on the touched rows. */
export class ScalarFactors {
  constructor({ rows, dimension, batch, negatives, table }) {
    const places = batch * (negatives + 2)
    Object.assign(this, { dimension, negatives, table: table.slice() })
    this.m = new Float32Array(rows * dimension)
    this.v = new Float32Array(rows * dimension)
    this.snapshots = new Float32Array(2 * batch * dimension)
    this.coefficients = new Float32Array(places)
    this.batch = batch
    this.first = new Int32Array(rows).fill(-1)
    this.next = new Int32Array(places)
    this.gradient = new Float32Array(dimension)
    this.t = 0
  }

  /** @param places rows of the step: for each slot user, positive, negatives */
  step(places) {
    const { dimension: d, negatives, table, snapshots, coefficients, batch } = this
    const width = negatives + 2
    const positives = places.length / width
    const share = 1 / (positives * negatives)
    let loss = 0
    for (let slot = 0; slot < positives; slot++) {
      const base = slot * width
      const user = places[base] * d
      const positive = places[base + 1] * d
      const own = slot * d
      const grad = (batch + slot) * d
      let slopeSum = 0
      for (let f = 0; f < d; f++) {
        snapshots[own + f] = table[user + f]
        snapshots[grad + f] = 0
      }
      for (let k = 0; k < negatives; k++) {
        const negative = places[base + 2 + k] * d
        let x = 0
        for (let f = 0; f < d; f++) x += table[user + f] * (table[positive + f] - table[negative + f])
        const e = Math.exp(-Math.abs(x))
        loss += Math.max(-x, 0) + Math.log1p(e)
        const slope = (-(x >= 0 ? e : 1) / (1 + e)) * share
        coefficients[base + 2 + k] = -slope
        slopeSum += slope
        for (let f = 0; f < d; f++) snapshots[grad + f] += slope * (table[positive + f] - table[negative + f])
      }
      coefficients[base] = 1
      coefficients[base + 1] = slopeSum
    }
    this.#update(places, width)
    return loss
  }

  #update(places, width) {
    const { dimension: d, first, next, batch, coefficients, snapshots, gradient, table, m, v } = this
    this.t++
    const stepSize = 0.001 / (1 - 0.9 ** this.t)
    const correction = Math.sqrt(1 - 0.999 ** this.t)
    for (let place = places.length - 1; place >= 0; place--) {
      next[place] = first[places[place]]
      first[places[place]] = place
    }
    for (let head = 0; head < places.length; head++) {
      const row = places[head]
      if (first[row] !== head) continue
      first[row] = -1
      gradient.fill(0)
      for (let place = head; place >= 0; place = next[place]) {
        const slot = Math.floor(place / width)
        const from = (place % width === 0 ? batch + slot : slot) * d
        const c = coefficients[place]
        for (let f = 0; f < d; f++) gradient[f] += c * snapshots[from + f]
      }
      const at = row * d
      for (let f = 0; f < d; f++) {
        const g = gradient[f]
        m[at + f] += 0.1 * (g - m[at + f])
        v[at + f] = 0.999 * v[at + f] + 0.001 * g * g
        table[at + f] -= (stepSize * m[at + f]) / (Math.sqrt(v[at + f]) / correction + 1e-8)
      }
    }
  }
}

/** One propagation layer, y = D^−½ A D^−½ x. */
export function scalarLayer({ nodes, rowPointer, columns, scale }, x, y, d) {
  for (let r = 0; r < nodes; r++) {
    const out = r * d
    for (let f = 0; f < d; f++) y[out + f] = 0
    for (let edge = rowPointer[r]; edge < rowPointer[r + 1]; edge++) {
      const c = columns[edge]
      const weight = scale[r] * scale[c]
      const from = c * d
      for (let f = 0; f < d; f++) y[out + f] += weight * x[from + f]
    }
  }
}

/** Top-k by a full product and an insertion list, a user at a time. */
export function scalarRank(users, items, d, k, count) {
  const itemCount = items.length / d
  const best = new Float32Array(k)
  const list = new Uint32Array(k)
  let checksum = 0
  for (let u = 0; u < count; u++) {
    best.fill(-Infinity)
    for (let i = 0; i < itemCount; i++) {
      let score = 0
      for (let f = 0; f < d; f++) score += users[u * d + f] * items[i * d + f]
      if (score <= best[k - 1]) continue
      let place = k - 1
      for (; place > 0 && score > best[place - 1]; place--) {
        best[place] = best[place - 1]
        list[place] = list[place - 1]
      }
      best[place] = score
      list[place] = i
    }
    checksum += list[0]
  }
  return checksum
}
