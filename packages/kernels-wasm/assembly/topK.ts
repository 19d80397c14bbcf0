// The k best of a row of scores that comes piece by piece, in a heap whose root is the worst of them. Better is a higher
// score, or among equal scores a lower item number. An entry is eight bytes: score, then item.

@inline
function isWorse(score: f32, item: u32, otherScore: f32, otherItem: u32): bool {
  return score < otherScore || (score === otherScore && item > otherItem)
}

/**
 * Offers the scores of items firstItem … firstItem + count − 1, which come after all offered before. Equal scores of later
 * items are worse, so that only a score strictly above the root's gets in; four at a time are turned away by one comparison.
 *
 * @param size entries in the heap so far
 * @returns entries in the heap now
 */
export function offerScores(heap: usize, size: u32, k: u32, scores: usize, firstItem: u32, count: u32): u32 {
  // −∞ stands for an excluded item and is never listed.
  let threshold: f32 = size === k ? load<f32>(heap) : -Infinity
  let n: u32 = 0
  while (n < count) {
    if (n + 4 <= count) {
      if (!v128.any_true(f32x4.gt(v128.load(scores + (n << 2)), f32x4.splat(threshold)))) {
        n += 4
        continue
      }
    }
    const end = min(count, n + 4)
    for (; n < end; n++) {
      const score = load<f32>(scores + (n << 2))
      if (!(score > threshold)) continue
      if (size < k) siftUp(heap, size++, score, firstItem + n)
      else siftDown(heap, k, score, firstItem + n)
      if (size === k) threshold = load<f32>(heap)
    }
  }
  return size
}

/** Writes the heap's entries best first, and NO_ITEM beside −∞ where there are fewer than k. Empties the heap. */
export function writeRanking(heap: usize, size: u32, k: u32, items: usize, scores: usize): void {
  for (let place = size; place < k; place++) {
    store<u32>(items + (place << 2), 0xffffffff)
    store<f32>(scores + (place << 2), -Infinity)
  }
  // The root is the worst of those left: it takes the last place left.
  while (size > 0) {
    size--
    store<f32>(scores + (size << 2), load<f32>(heap))
    store<u32>(items + (size << 2), load<u32>(heap, 4))
    siftDown(heap, size, load<f32>(heap + (size << 3)), load<u32>(heap + (size << 3), 4))
  }
}

/** Puts an entry at the end of a heap of `size` entries and moves it up to where it belongs. */
function siftUp(heap: usize, size: u32, score: f32, item: u32): void {
  let place = size
  while (place > 0) {
    const parent = (place - 1) >> 1
    const parentScore = load<f32>(heap + (parent << 3))
    const parentItem = load<u32>(heap + (parent << 3), 4)
    if (!isWorse(score, item, parentScore, parentItem)) break
    store<f32>(heap + (place << 3), parentScore)
    store<u32>(heap + (place << 3), parentItem, 4)
    place = parent
  }
  store<f32>(heap + (place << 3), score)
  store<u32>(heap + (place << 3), item, 4)
}

/** Puts an entry in the place of the root of a heap of `size` entries and moves it down to where it belongs. */
function siftDown(heap: usize, size: u32, score: f32, item: u32): void {
  let place: u32 = 0
  for (;;) {
    let child: u32 = 2 * place + 1
    if (child >= size) break
    let childScore = load<f32>(heap + (child << 3))
    let childItem = load<u32>(heap + (child << 3), 4)
    if (child + 1 < size) {
      const otherScore = load<f32>(heap + (child << 3), 8)
      const otherItem = load<u32>(heap + (child << 3), 12)
      if (isWorse(otherScore, otherItem, childScore, childItem)) {
        child++
        childScore = otherScore
        childItem = otherItem
      }
    }
    if (!isWorse(childScore, childItem, score, item)) break
    store<f32>(heap + (place << 3), childScore)
    store<u32>(heap + (place << 3), childItem, 4)
    place = child
  }
  store<f32>(heap + (place << 3), score)
  store<u32>(heap + (place << 3), item, 4)
}
