// A list that is sorted best first: higher scores before lower, lower item numbers before higher among equals. It is two
// arrays, scores and places; `itemAtPlace` says which item is at a place.

@inline
function isBefore(score: f32, place: u32, otherScore: f32, otherPlace: u32, itemAtPlace: usize): bool {
  if (score !== otherScore) return score > otherScore
  return load<u32>(itemAtPlace + (place << 2)) < load<u32>(itemAtPlace + (otherPlace << 2))
}

/** Sorts by insertion, in steps of several places first (Shell's): lists are nearly sorted, but long ones not always. */
export function sortList(scores: usize, places: usize, size: u32, itemAtPlace: usize): void {
  let gap: u32 = 1
  while (gap * 9 < size) gap = 3 * gap + 1
  for (; gap > 0; gap /= 3) {
    for (let n = gap; n < size; n++) {
      const score = load<f32>(scores + (n << 2))
      const place = load<u32>(places + (n << 2))
      let at = n
      while (at >= gap) {
        const other = load<f32>(scores + ((at - gap) << 2))
        const otherPlace = load<u32>(places + ((at - gap) << 2))
        if (!isBefore(score, place, other, otherPlace, itemAtPlace)) break
        store<f32>(scores + (at << 2), other)
        store<u32>(places + (at << 2), otherPlace)
        at -= gap
      }
      store<f32>(scores + (at << 2), score)
      store<u32>(places + (at << 2), place)
    }
  }
}

/** Puts an item into a full list, whose last then drops out; nothing if it would come after the last. */
export function insert(scores: usize, places: usize, size: u32, score: f32, place: u32, itemAtPlace: usize): void {
  let at = size
  while (at > 0) {
    const other = load<f32>(scores + ((at - 1) << 2))
    const otherPlace = load<u32>(places + ((at - 1) << 2))
    if (!isBefore(score, place, other, otherPlace, itemAtPlace)) break
    at--
    if (at === size - 1) continue
    store<f32>(scores + (at << 2), other, 4)
    store<u32>(places + (at << 2), otherPlace, 4)
  }
  if (at === size) return
  store<f32>(scores + (at << 2), score)
  store<u32>(places + (at << 2), place)
}
