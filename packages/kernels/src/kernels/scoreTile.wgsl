// Scores of a block of users for every item, U·Iᵀ, row-major. A workgroup computes a 64 × 64 tile, an invocation 4 × 4 of
// it, from slices of 16 columns held in workgroup memory.
//#include "grid.wgsl"

struct ScoreTile {
  users: u32,
  items: u32,
  vectors: u32,
  tilesAcross: u32,
}

@group(0) @binding(0) var<storage, read> userVectors: array<vec4f>;
@group(0) @binding(1) var<storage, read> itemVectors: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> scores: array<f32>;
@group(0) @binding(3) var<uniform> shape: ScoreTile;

const SIDE = 64u;
// vec4s of each row that a slice holds.
const SLICE = 4u;
var<workgroup> userSlice: array<vec4f, SIDE * SLICE>;
var<workgroup> itemSlice: array<vec4f, SIDE * SLICE>;

@compute @workgroup_size(256)
fn main(
  @builtin(workgroup_id) workgroupId: vec3u,
  @builtin(num_workgroups) workgroupCount: vec3u,
  @builtin(local_invocation_index) localIndex: u32,
) {
  let number = workgroupNumber(workgroupId, workgroupCount);
  let firstUser = (number / shape.tilesAcross) * SIDE;
  let firstItem = (number % shape.tilesAcross) * SIDE;
  if (firstUser >= shape.users) {
    return;
  }
  let row = localIndex / 16u;
  let column = localIndex % 16u;
  // What this invocation loads of each slice: one vec4 of one row.
  let loadRow = localIndex / SLICE;
  let loadVector = localIndex % SLICE;

  var sums: array<vec4f, 4>;
  for (var slice = 0u; slice < shape.vectors; slice += SLICE) {
    let vector = slice + loadVector;
    var user = vec4f();
    var item = vec4f();
    if (vector < shape.vectors && firstUser + loadRow < shape.users) {
      user = userVectors[(firstUser + loadRow) * shape.vectors + vector];
    }
    if (vector < shape.vectors && firstItem + loadRow < shape.items) {
      item = itemVectors[(firstItem + loadRow) * shape.vectors + vector];
    }
    userSlice[localIndex] = user;
    itemSlice[localIndex] = item;
    workgroupBarrier();
    for (var v = 0u; v < SLICE; v++) {
      // Items 16 apart, so that neighbouring invocations write neighbouring scores.
      let item0 = itemSlice[column * SLICE + v];
      let item1 = itemSlice[(column + 16u) * SLICE + v];
      let item2 = itemSlice[(column + 32u) * SLICE + v];
      let item3 = itemSlice[(column + 48u) * SLICE + v];
      for (var r = 0u; r < 4u; r++) {
        let userVector = userSlice[(row * 4u + r) * SLICE + v];
        sums[r] += vec4f(
          dot(userVector, item0),
          dot(userVector, item1),
          dot(userVector, item2),
          dot(userVector, item3),
        );
      }
    }
    workgroupBarrier();
  }

  for (var r = 0u; r < 4u; r++) {
    let user = firstUser + row * 4u + r;
    if (user >= shape.users) {
      continue;
    }
    for (var c = 0u; c < 4u; c++) {
      let item = firstItem + column + c * 16u;
      if (item < shape.items) {
        scores[user * shape.items + item] = sums[r][c];
      }
    }
  }
}
