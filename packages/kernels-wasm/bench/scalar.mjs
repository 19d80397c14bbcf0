// The same work as the engine's kernels in plain TypeScript-style loops over typed arrays, one number at a time: what SIMD is
// compared with. Written to be fast as scalar code goes: flat arrays, no allocation, no calls in inner loops.

import {
  AdamDrift,
  boundedInteger,
  keyOfSeed,
  permutationKeys,
  permute,
  rowOfEachEntry,
  spanNumber,
  Stream,
} from '@gradrec/engine'

const ADAM = {
  kind: 'adam',
  learningRate: 0.001,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0,
  amsgrad: false,
}

/**
 * The same steps of matrix factorisation as the engine's: sampling (the same triples), lazy Adam with its drift, horizon by
 * horizon. Catching up rows at the beginning of a horizon is left out, which favours this side.
 */
export class ScalarFactors {
  constructor({ interactions, dimension, batch, negatives, table, horizon }) {
    const rows = interactions.rows + interactions.columnCount
    const places = batch * (negatives + 2)
    Object.assign(this, { interactions, dimension, batch, negatives, horizon, table: table.slice() })
    this.userOf = rowOfEachEntry(interactions)
    this.m = new Float32Array(rows * dimension)
    this.v = new Float32Array(rows * dimension)
    this.snapshots = new Float32Array(2 * batch * dimension)
    this.coefficients = new Float32Array(places)
    this.first = new Int32Array(rows).fill(-1)
    this.next = new Int32Array(places)
    this.gradient = new Float32Array(dimension)
    this.nextTouch = new Int32Array(rows)
    this.drift = new AdamDrift(ADAM)
    this.t = 0
  }

  /** Plans and trains one horizon of full steps. */
  run() {
    const { horizon, drift } = this
    const steps = Array.from({ length: horizon }, (_, index) => this.sample(this.t + index))
    this.within = drift.within(this.t, horizon)
    // For each step and place the next step that touches its row, linked from the last to the first.
    this.nextTouch.fill(horizon)
    const touches = steps.map((places) => new Int32Array(places.length))
    for (let index = horizon - 1; index >= 0; index--) {
      const places = steps[index]
      for (let place = 0; place < places.length; place++) touches[index][place] = this.nextTouch[places[place]]
      for (let place = 0; place < places.length; place++) this.nextTouch[places[place]] = index
    }
    for (let index = 0; index < horizon; index++) this.step(steps[index], touches[index], index)
  }

  /** Rows of a step: for each slot user, positive, negatives; the engine's own triples. */
  sample(step) {
    const { interactions, batch, negatives, userOf } = this
    const { rows, columnCount, rowPointer, columns } = interactions
    const key = keyOfSeed(1)
    const stepsPerEpoch = Math.floor(columns.length / batch)
    const keys = permutationKeys(Math.floor(step / stepsPerEpoch), key)
    const places = new Int32Array(batch * (negatives + 2))
    for (let slot = 0; slot < batch; slot++) {
      const edge = permute((step % stepsPerEpoch) * batch + slot, columns.length, keys)
      const user = userOf[edge]
      const base = slot * (negatives + 2)
      places[base] = user
      places[base + 1] = rows + columns[edge]
      const begin = rowPointer[user]
      const degree = rowPointer[user + 1] - begin
      for (let k = 0; k < negatives; k++) {
        const rank = boundedInteger(columnCount - degree, step, slot, k, Stream.negative, key)
        let low = 0
        let high = degree
        while (low < high) {
          const middle = (low + high) >> 1
          if (columns[begin + middle] - middle > rank) high = middle
          else low = middle + 1
        }
        places[base + 2 + k] = rows + rank + low
      }
    }
    return places
  }

  /** Score and update of one step. */
  step(places, touches, index) {
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
    this.#update(places, touches, index, width)
    return loss
  }

  #update(places, touches, index, width) {
    const { horizon, dimension: d, first, next, batch, coefficients, snapshots, gradient, table, m, v } = this
    const { start, blocks } = this.within
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
      const length = touches[head] - (index + 1)
      const span = spanNumber(horizon, index + 1, length)
      const power1 = 0.9 ** length
      const power2 = 0.999 ** length
      for (let f = 0; f < d; f++) {
        const g = gradient[f]
        const newM = m[at + f] + 0.1 * (g - m[at + f])
        const newV = 0.999 * v[at + f] + 0.001 * g * g
        const x = Math.sqrt(newV)
        let move = stepSize / (x / correction + 1e-8)
        for (let block = 4 * start[span]; block < 4 * start[span + 1]; block += 4) {
          const r = 1 / (blocks[block + 1] * x + 1e-8)
          const y = blocks[block + 1] * x * r
          move += blocks[block] * r * (1 + y * y * (blocks[block + 2] - y * blocks[block + 3]))
        }
        table[at + f] -= newM * move
        m[at + f] = newM * power1
        v[at + f] = newV * power2
      }
    }
  }
}

/** One propagation layer, y = D^−½ A D^−½ x. */
export function scalarLayer({ nodes, rowPointer, columns, rowScale, columnScale }, x, y, d) {
  for (let r = 0; r < nodes; r++) {
    const out = r * d
    for (let f = 0; f < d; f++) y[out + f] = 0
    for (let edge = rowPointer[r]; edge < rowPointer[r + 1]; edge++) {
      const c = columns[edge]
      const weight = rowScale[r] * columnScale[c]
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
