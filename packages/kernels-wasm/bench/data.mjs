// What the benchmarks train on: MovieLens-10M where GRADREC_DATA points at the data sets, else simulated data of its size.
import { csrFromPairs, philox4x32 } from '@gradrec/engine'
import { loadCatalogued } from '@gradrec/data/node'

const unit = (n, stream) => philox4x32([n, 0, 0, stream], [7, 0])[0] / 4294967296

/** @returns {Promise<{ name: string, interactions: import('@gradrec/engine').Csr }>} */
export async function benchmarkData() {
  const root = process.env.GRADREC_DATA
  if (root !== undefined) {
    return { name: 'MovieLens-10M', interactions: (await loadCatalogued('ml10m', root)).parts.train }
  }
  const [users, items, pairs] = [37_962, 4_819, 1_050_000]
  const rowOf = new Uint32Array(pairs)
  const columnOf = new Uint32Array(pairs)
  for (let n = 0; n < pairs; n++) {
    rowOf[n] = Math.floor(unit(n, 1) * users)
    columnOf[n] = Math.floor(unit(n, 2) ** 2 * (items - 1))
  }
  return { name: 'simulated, the size of MovieLens-10M', interactions: csrFromPairs(rowOf, columnOf, users, items) }
}

/** Numbers in [−scale, scale). */
export function randomValues(length, scale = 0.1) {
  let state = 1
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
    return (state / 2 ** 31) * scale
  })
}
