// Before a horizon with propagation: marks the rows that each step needs (wgsl/marks.wgsl), an invocation a word of 32 rows, found among
// the step's runs, which are in the order of rows.
//#include "grid.wgsl"
//#include "horizonRuns.wgsl"
//#include "pairs.wgsl"

override markWords: u32;
// 1: rows have counterparts.
override hasPairs: u32;

@group(0) @binding(0) var<storage, read> runs: array<vec4u>;
@group(0) @binding(1) var<storage, read_write> marks: array<u32>;
@group(0) @binding(2) var<uniform> horizonRuns: HorizonRuns;

// The bit of a row in the word that begins with row `first`; none for a row that is not in it.
fn bitOf(row: u32, first: u32) -> u32 {
  return select(0u, 1u << (row % 32u), row >= first && row - first < 32u);
}

// The marks in the word that begins with row `first` for the runs of rows `begin` … `end` − 1 of the step whose runs are at `base`.
fn marksOf(base: u32, first: u32, begin: u32, end: u32) -> u32 {
  var low = 0u;
  var high = runs[base].x;
  while (low < high) {
    let middle = (low + high) >> 1u;
    if (runs[base + 1u + middle].x < begin) {
      low = middle + 1u;
    } else {
      high = middle;
    }
  }
  var word = 0u;
  for (var run = low; run < runs[base].x; run++) {
    let row = runs[base + 1u + run].x;
    if (row >= end) {
      break;
    }
    word |= bitOf(row, first);
    if (hasPairs == 1u && (row >= users || usersApart == 1u)) {
      let pair = pairOf(row);
      word |= bitOf(pair.control, first) | bitOf(pair.treatment, first);
    }
  }
  return word;
}

// Those for rows `distance` away, on either side.
fn marksOfCounterparts(base: u32, first: u32, distance: u32) -> u32 {
  let before = marksOf(base, first, max(first, distance) - distance, max(first + 32u, distance) - distance);
  return before | marksOf(base, first, first + distance, first + distance + 32u);
}

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) workgroupId: vec3u,
  @builtin(num_workgroups) workgroupCount: vec3u,
  @builtin(local_invocation_index) localIndex: u32,
) {
  let id = workgroupNumber(workgroupId, workgroupCount) * 64u + localIndex;
  let index = id / markWords;
  if (index >= horizonRuns.steps) {
    return;
  }
  let base = index * (horizonRuns.occurrences + 2u);
  let first = 32u * (id % markWords);
  var word = marksOf(base, first, first, first + 32u);
  if (hasPairs == 1u) {
    word |= marksOfCounterparts(base, first, items / 2u);
    if (usersApart == 1u) {
      word |= marksOfCounterparts(base, first, users / 2u);
    }
  }
  marks[id] = word;
}
