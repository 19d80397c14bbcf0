// Whose interactions are in MACR's test of Gowalla? Cuts Gowalla again by two rules, five interactions of every item each time,
// and prints beside the shipped test what each rule's test looks like, a mean ± standard deviation of five draws.
//
//   GRADREC_DATA=<folder> node benchmarks/gowallaTest.mjs
//
// MACR holds out "the latest" interactions of every item, but the list has no times: their place in the list of their user stands for
// time (METHODS.md §4.5). An order that is not in the files is drawn at random here.
import { splitPerItem } from '../packages/data/dist/index.js'
import { loadCatalogued } from '../packages/data/dist/node/index.js'
import { csrFromPairs, keyOfSeed, philox4x32, rowOfEachEntry } from '../packages/engine/dist/index.js'

const HELD_OUT = { perItem: 5, maximumShare: 0.9, purpose: 'test' }
const SEEDS = [1, 2, 3, 4, 5]
const { parts: shipped } = await loadCatalogued('gowalla', process.env.GRADREC_DATA ?? 'data', { protocol: 'shipped' })
const all = union(shipped.train, shipped.test)

show('shipped', [cut(shipped.train, shipped.test)])
show(
  'random interactions',
  SEEDS.map((seed) => cutBy({ seed })),
)
show(
  'latest by their place in their user’s list',
  SEEDS.map((seed) => cutBy({ seed, time: placeInList(seed) })),
)

function cutBy(options) {
  const { train, heldOut } = splitPerItem(all, { ...HELD_OUT, ...options })
  return cut(train, heldOut)
}

/** What sets a test's users apart: how many there are, and how much of them is left to train on. */
function cut(train, heldOut) {
  let withTest = 0
  let stripped = 0
  let kept = 0
  let held = 0
  for (let user = 0; user < all.rows; user++) {
    const inTest = length(heldOut, user)
    const inTrain = length(train, user)
    if (inTest > 0) withTest++
    if (inTest > inTrain) stripped += inTest
    held += inTest * (inTrain + inTest)
    kept += inTest * inTrain
  }
  const pairs = heldOut.columns.length
  return {
    'users with test items': withTest,
    'share of the test whose users lost over half of theirs': stripped / pairs,
    'interactions of a test pair’s user': held / pairs,
    'of which left to train on': kept / pairs,
  }
}

function show(name, cuts) {
  process.stdout.write(`${name}\n`)
  for (const key of Object.keys(cuts[0])) {
    const values = cuts.map((one) => one[key])
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1)
    const digits = mean > 1000 ? 0 : mean > 1 ? 1 : 3
    const spread = values.length > 1 ? ` ± ${Math.sqrt(variance).toFixed(digits)}` : ''
    process.stdout.write(`  ${key}: ${mean.toFixed(digits)}${spread}\n`)
  }
}

/** For every interaction, where it stands among its user's in a random order: 0 is first. */
function placeInList(seed) {
  const keys = drawn(seed, all.columns.length)
  const place = new Float64Array(all.columns.length)
  for (let user = 0; user < all.rows; user++) {
    const begin = all.rowPointer[user]
    const order = Array.from({ length: length(all, user) }, (_, k) => begin + k).sort((a, b) => keys[a] - keys[b])
    for (const [at, k] of order.entries()) place[k] = at
  }
  return place
}

function drawn(seed, count) {
  const key = keyOfSeed(seed)
  return Uint32Array.from({ length: count }, (_, k) => philox4x32([k, 0, 0, 0], key)[0])
}

function union(a, b) {
  return csrFromPairs([...rowOfEachEntry(a), ...rowOfEachEntry(b)], [...a.columns, ...b.columns], a.rows, a.columnCount)
}

function length(part, user) {
  return part.rowPointer[user + 1] - part.rowPointer[user]
}
