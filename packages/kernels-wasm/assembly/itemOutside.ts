/**
 * The number of the given rank among those that are not in a list: for a user's positives, exactly the item that rejecting them
 * would draw, found by one binary search. list[c] − c counts the others below list[c]; the answer is rank + the number of c for
 * which that count is at most rank.
 *
 * @param list ascending and distinct
 */
@inline
export function itemOutside(list: usize, length: u32, rank: u32): u32 {
  // low is the least c with list[c] − c > rank. As if (…) high = middle; else low = middle + 1, without a branch to
  // guess wrong: the halves differ by at most one.
  let low: u32 = 0
  let left = length
  while (left > 1) {
    const half = left >> 1
    const middle = low + half - 1
    low = load<u32>(list + (middle << 2)) - middle <= rank ? low + half : low
    left -= half
  }
  if (left === 1 && load<u32>(list + (low << 2)) - low <= rank) low++
  return rank + low
}
