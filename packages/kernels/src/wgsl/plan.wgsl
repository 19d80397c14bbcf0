// A horizon: consecutive steps whose triples are drawn, sorted and cut into runs at once. Each step owns `occurrences`
// places: for each positive b the user, the positive item and the negatives, at b · (negatives + 2) onwards. A row is a
// line of the table: user u is row u, item i is row users + i.
struct Plan {
  firstStep: u32,
  steps: u32,
  // Places of a step: batch · (negatives + 2).
  occurrences: u32,
  tiles: u32,
  // Digit that the current sorting pass looks at: bits shift … shift + 3.
  shift: u32,
  // Row of the first item.
  firstItem: u32,
}

// Keys are sorted in tiles, each by one workgroup, each invocation holding KEYS consecutive keys.
const TILE_THREADS = 128u;
const KEYS = 16u;
const TILE = TILE_THREADS * KEYS;
const DIGITS = 16u;

// Stands in the places of positives that a short last batch does not have: sorts behind every row.
const PADDING = 0xffffffffu;
