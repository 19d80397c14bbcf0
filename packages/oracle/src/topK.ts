import { NO_ITEM } from '@gradrec/engine'

export interface TopK {
  /** k item numbers, best first; `NO_ITEM` beyond the last item there was to list. */
  readonly items: Uint32Array
  /** k scores; −∞ beside `NO_ITEM`. */
  readonly scores: Float64Array
}

/**
 * The k best-scored items of one user, by insertion into a list kept in order. Items come in ascending order and move up
 * only past strictly lower scores, so ties go to the lower item number.
 *
 * @param scores one per item
 * @param excluded items never listed
 */
export function topK(scores: ArrayLike<number>, k: number, excluded: ArrayLike<number> = []): TopK {
  const banned = new Set(Array.from(excluded))
  const items = new Uint32Array(k).fill(NO_ITEM)
  const best = new Float64Array(k).fill(-Infinity)
  let listed = 0
  for (let item = 0; item < scores.length; item++) {
    const score = scores[item]!
    if (banned.has(item) || (listed === k && score <= best[k - 1]!)) continue
    // A full list drops its last place.
    let place = listed === k ? k - 1 : listed++
    for (; place > 0 && score > best[place - 1]!; place--) {
      items[place] = items[place - 1]!
      best[place] = best[place - 1]!
    }
    items[place] = item
    best[place] = score
  }
  return { items, scores: best }
}
