/** Matrix factorisation with BPR as TensorFlow.js has it: tf.gather, tf.variableGrads, tf.train.adam, which is dense. */
export class MatrixFactorisation {
  #tf
  #gather
  #users
  #items
  #optimizer

  /** @param ownGradient whether the gradient of tf.gather is TensorFlow.js's own */
  constructor(tf, { users, items, dimension, adam, initialTable, ownGradient }) {
    this.#tf = tf
    this.#gather = ownGradient ? tf.gather : gatherWithScatteredGradient(tf)
    const cut = users * dimension
    this.#users = tf.variable(tf.tensor2d(initialTable.subarray(0, cut), [users, dimension]))
    this.#items = tf.variable(tf.tensor2d(initialTable.subarray(cut), [items, dimension]))
    this.#optimizer = tf.train.adam(adam.learningRate, adam.beta1, adam.beta2, adam.epsilon)
  }

  /** @param triples users, positives and negatives of a batch, Int32Arrays */
  step({ users, positives, negatives }) {
    const tf = this.#tf
    tf.tidy(() => {
      // Outside the loss, whose tensors are disposed of before gradients are computed.
      const [userRows, positiveRows, negativeRows] = [users, positives, negatives].map((rows) =>
        tf.tensor1d(rows, 'int32'),
      )
      const loss = () => {
        const p = this.#gather(this.#users, userRows)
        const positive = this.#gather(this.#items, positiveRows)
        const negative = this.#gather(this.#items, negativeRows)
        const difference = tf.sub(tf.sum(tf.mul(p, positive), 1), tf.sum(tf.mul(p, negative), 1))
        // −ln σ(x); tf.logSigmoid has a gradient that looks at a tensor which is disposed of by then.
        return tf.mean(tf.softplus(tf.neg(difference)))
      }
      const { grads } = tf.variableGrads(loss, [this.#users, this.#items])
      this.#optimizer.applyGradients(grads)
    })
  }

  /** Waits for what is under way: one number is read back. */
  async finish() {
    const one = this.#users.slice([0, 0], [1, 1])
    await one.data()
    one.dispose()
  }

  async vectors() {
    return { users: await this.#users.data(), items: await this.#items.data() }
  }
}

/**
 * tf.gather with a gradient by tf.scatterND. TensorFlow.js's own is by unsortedSegmentSum, which its WebAssembly backend does not have,
 * and which its JavaScript backend computes by one pass over the batch for every row of the table.
 */
function gatherWithScatteredGradient(tf) {
  return (table, places) =>
    tf.customGrad((x) => ({
      value: tf.gather(x, places),
      gradFunc: (dy) => tf.scatterND(tf.expandDims(places, 1), dy, x.shape),
    }))(table)
}
