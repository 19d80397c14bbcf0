// The third pass of the distance correlation: its gradient by every distinct row of a step. The formulas are in
// packages/engine/src/objective.ts. The gradient of a half of row k is the sum over rows l of a coefficient times X_k − X_l: a lane
// computes the coefficients of its rows of some blocks, and then its columns of the sum over these.
//#include "grid.wgsl"
//#include "step.wgsl"
//#include "centredDistances.wgsl"
//#include "snapshots.wgsl"

override weight: f32;

@group(0) @binding(0) var<storage, read> runs: array<vec4u>;
@group(0) @binding(1) var<storage, read> embeddings: array<vec4f>;
// Mean distances by run, and of users and of items.
@group(0) @binding(2) var<storage, read> meansOfRuns: array<vec4f>;
@group(0) @binding(3) var<storage, read> means: array<vec4f>;
// (S_ab, S_aa, S_bb) of users and of items.
@group(0) @binding(4) var<storage, read> products: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> snapshots: array<vec4f>;

const EPSILON = 1e-12;

// Blocks between two goes at the sum.
const PARTS = 4u;

var<workgroup> coefficients: array<vec2f, workgroupSize * PARTS>;

// What the slopes of one kind of rows have in common.
struct Slopes {
  // 2 · weight · dCor / n².
  factor: f32,
  // 2 (S_ab + ε), 2 (S_aa + ε), 2 (S_bb + ε).
  sums: vec3f,
}

fn slopesOf(alike: Alike) -> Slopes {
  let sums = max(products[alike.kind].xyz, vec3f()) + EPSILON;
  let correlation = sqrt(sums.x / (sqrt(sums.y) * sqrt(sums.z)));
  let count = f32(alike.count);
  return Slopes(2.0 * weight * correlation / count / count, 2.0 * sums);
}

// Of the differences between two rows, in both halves: nothing where their distance is 0.
fn coefficientsOf(slopes: Slopes, distances: vec2f, ab: vec2f) -> vec2f {
  let areApart = distances > vec2f();
  let byDistances = slopes.factor * (ab.yx / slopes.sums.x - ab / slopes.sums.yz);
  return select(vec2f(), byDistances / select(vec2f(1.0), distances, areApart), areApart);
}

@compute @workgroup_size(workgroupSize)
fn main(
  @builtin(workgroup_id) workgroupId: vec3u,
  @builtin(num_workgroups) workgroupCount: vec3u,
  @builtin(local_invocation_index) localIndex: u32,
) {
  let lane = localIndex % lanes;
  let alike = alikeOf(workgroupNumber(workgroupId, workgroupCount));
  if (alike.begin >= alike.count) {
    return;
  }
  let number = alike.begin + localIndex / lanes;
  let isActive = number < alike.count;
  // Groups without a row work on the last one, so that all meet at the barriers, and write nothing.
  let run = alike.first + min(number, alike.count - 1u);
  let row = rowOfRun(run);
  let slopes = slopesOf(alike);
  let firstOfGroup = (localIndex - lane) * PARTS;
  for (var stretch = 0u; stretch < alike.count; stretch += PARTS * lanes) {
    let size = min(PARTS * lanes, alike.count - stretch);
    for (var begin = 0u; begin < size; begin += lanes) {
      let distances = distancesToBlock(row, alike, stretch + begin, localIndex);
      let other = alike.first + min(stretch + begin + lane, alike.count - 1u);
      let ab = centred(distances, run, other, alike.kind);
      coefficients[firstOfGroup + begin + lane] = coefficientsOf(slopes, distances, ab);
    }
    if (lanes > 1u) {
      workgroupBarrier();
    }
    if (isActive) {
      for (var v = lane; v < vectors; v += lanes) {
        let place = discrepancyPlace(run, v);
        let own = embeddings[row * vectors + v];
        var sum = vec4f();
        // As far as it goes the sum is kept where it will be read.
        if (stretch > 0u) {
          sum = snapshots[place];
        }
        for (var l = 0u; l < size; l++) {
          let ofHalves = coefficients[firstOfGroup + l];
          let other = embeddings[rowOfRun(alike.first + stretch + l) * vectors + v];
          sum += select(ofHalves.x, ofHalves.y, v >= vectors / 2u) * (own - other);
        }
        snapshots[place] = sum;
      }
    }
  }
}
