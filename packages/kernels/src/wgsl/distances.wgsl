//#include "runs.wgsl"
//#include "laneGroup.wgsl"
// Distances between halves of the distinct users of a step, and between those of its items, for the distance correlation. Nothing
// of their number squared is kept: every pass computes the distances that it needs.
//
// A lane group takes a row k. It meets the rows like it in blocks of as many as it has lanes, lane n the n-th of a block, so that
// a distance is one invocation's own sum. The workgroup shares the rows of a block, some columns of them at a time.

// Runs of users or of items, and those of them that a workgroup works on.
struct Alike {
  // 0: users. 1: items.
  kind: u32,
  // Number of the first run.
  first: u32,
  count: u32,
  // Of the workgroup's first row among them.
  begin: u32,
}

var<workgroup> columnsOfBlock: array<vec4f, workgroupSize + lanes>;

// Workgroups for the users come first.
fn alikeOf(workgroup: u32) -> Alike {
  let counts = runCounts();
  let rowsPerWorkgroup = workgroupSize / lanes;
  let forUsers = (counts.y + rowsPerWorkgroup - 1u) / rowsPerWorkgroup;
  if (workgroup < forUsers) {
    return Alike(0u, 0u, counts.y, workgroup * rowsPerWorkgroup);
  }
  return Alike(1u, counts.y, counts.x - counts.y, (workgroup - forUsers) * rowsPerWorkgroup);
}

// Adds the squares of four differences to the sums of both halves.
fn withSquares(sums: vec2f, difference: vec4f, v: u32) -> vec2f {
  let square = dot(difference, difference);
  return sums + select(vec2f(square, 0.0), vec2f(0.0, square), v >= vectors / 2u);
}

// How far the halves of `row` are from those of this lane's row of the block that begins with run `block` of those alike. Lanes
// beyond the last row have it. Must be reached by the whole workgroup.
fn distancesToBlock(row: u32, alike: Alike, block: u32, localIndex: u32) -> vec2f {
  var squares = vec2f();
  if (lanes == 1u) {
    let other = rowOfRun(alike.first + block);
    for (var v = 0u; v < vectors; v++) {
      squares = withSquares(squares, embeddings[row * vectors + v] - embeddings[other * vectors + v], v);
    }
    return sqrt(squares);
  }
  // Columns that are shared at a time: a vec4 for every invocation to load. An odd stride keeps lanes out of each other's banks.
  let width = workgroupSize / lanes;
  let stride = width + 1u;
  let loaded = rowOfRun(alike.first + min(block + localIndex / width, alike.count - 1u));
  for (var first = 0u; first < vectors; first += width) {
    let column = first + localIndex % width;
    // All lanes are done with the columns before.
    workgroupBarrier();
    if (column < vectors) {
      columnsOfBlock[localIndex / width * stride + localIndex % width] = embeddings[loaded * vectors + column];
    }
    workgroupBarrier();
    for (var v = first; v < min(first + width, vectors); v++) {
      let other = columnsOfBlock[localIndex % lanes * stride + v - first];
      squares = withSquares(squares, embeddings[row * vectors + v] - other, v);
    }
  }
  return sqrt(squares);
}
