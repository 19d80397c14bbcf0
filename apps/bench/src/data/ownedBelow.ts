/**
 * How many of a user's items come before the item of that rank among those the user lacks: the smallest c with columns[c] − c > rank.
 *
 * @param columns items of all users, of which this one's begin at `begin` and are `owned`, ascending
 */
export function ownedBelow(columns: Uint32Array, begin: number, owned: number, rank: number): number {
  let low = 0
  let high = owned
  while (low < high) {
    const middle = (low + high) >>> 1
    if (columns[begin + middle]! - middle > rank) high = middle
    else low = middle + 1
  }
  return low
}
