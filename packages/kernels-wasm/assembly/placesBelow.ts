/** How many numbers of an ascending list are below `bound`. */
@inline
export function placesBelow(list: usize, length: u32, bound: u64): u32 {
  // Without a branch to guess wrong, as in itemOutside.ts.
  let low: u32 = 0
  let left = length
  while (left > 1) {
    const half = left >> 1
    low = <u64>load<u32>(list + ((low + half - 1) << 2)) < bound ? low + half : low
    left -= half
  }
  if (left === 1 && <u64>load<u32>(list + (low << 2)) < bound) low++
  return low
}
