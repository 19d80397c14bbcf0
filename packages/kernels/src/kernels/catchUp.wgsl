// Moves rows that lag behind, a lane group a row: before a horizon those that it touches, up to their first touch; or all of
// them, up to now.
//#include "grid.wgsl"
//#include "laneGroup.wgsl"
//#include "adamUpdate.wgsl"
//#include "drift.wgsl"
//#include "rowState.wgsl"

struct CatchUp {
  rows: u32,
  // Steps done so far.
  upTo: u32,
  // Steps of the horizon about to begin; 0: all rows are wanted, up to now.
  horizon: u32,
  // Spans of so many steps or more outlast m; the one that begins after step s has number min(s, settles).
  fades: u32,
  settles: u32,
}

@group(0) @binding(0) var<storage, read_write> table: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> storedMoments: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> rowStates: array<vec4u>;
@group(0) @binding(3) var<storage, read> within: array<u32>;
// Spans shorter than `fades` that end now: where each span's blocks start, then the blocks.
@group(0) @binding(4) var<storage, read> recent: array<u32>;
@group(0) @binding(5) var<storage, read> longStart: array<u32>;
@group(0) @binding(6) var<storage, read> longBlocks: array<vec4f>;
// β2^n for n = 0 … 255, β2^(256 n) for n = 0 … COARSE − 1, β1^n for n = 0 … fades − 1: drivers' own powers are too coarse.
@group(0) @binding(7) var<storage, read> powers: array<f32>;
@group(0) @binding(8) var<uniform> catching: CatchUp;

const FINE = 256u;
const COARSE = 4096u;

fn driftToTarget(old: Drifted, lastStep: u32) -> Drifted {
  let length = catching.upTo - lastStep;
  if (length == 0u) {
    return old;
  }
  let root = sqrt(secondMoment(old.moments));
  var sum = vec4f();
  var decay1 = 0.0;
  if (length < catching.fades) {
    decay1 = powers[FINE + COARSE + length];
    let firstBlock = catching.fades + 1u;
    for (var block = recent[length]; block < recent[length + 1u]; block++) {
      let base = firstBlock + 4u * block;
      sum += driftTerm(bitcast<vec4f>(vec4u(recent[base], recent[base + 1u], recent[base + 2u], recent[base + 3u])), root);
    }
  } else {
    let span = min(lastStep, catching.settles);
    for (var block = longStart[span]; block < longStart[span + 1u]; block++) {
      sum += driftTerm(longBlocks[block], root);
    }
  }
  let decay2 = powers[length % FINE] * powers[FINE + min(length / FINE, COARSE - 1u)];
  let moments = Moments(old.moments.m * decay1, old.moments.v * decay2, old.moments.vMax);
  return Drifted(old.theta - old.moments.m * sum, moments);
}

@compute @workgroup_size(workgroupSize)
fn main(
  @builtin(workgroup_id) workgroupId: vec3u,
  @builtin(num_workgroups) workgroupCount: vec3u,
  @builtin(local_invocation_index) localIndex: u32,
) {
  let lane = localIndex % lanes;
  let number = workgroupNumber(workgroupId, workgroupCount) * (workgroupSize / lanes) + localIndex / lanes;
  let row = min(number, catching.rows - 1u);
  let state = rowStates[row];
  let firstTouch = nextTouch(state, 0u);
  // All lanes have read the state before one of them writes it.
  workgroupBarrier();
  let isLagging = state.x > 0u && (catching.horizon == 0u || firstTouch != NEVER);
  if (number >= catching.rows || !isLagging) {
    return;
  }
  for (var v = lane; v < vectors; v += lanes) {
    let place = row * vectors + v;
    var drifted = driftToTarget(Drifted(table[place], momentsAt(place)), state.x);
    if (catching.horizon > 0u) {
      drifted = driftWithin(drifted, catching.horizon, 0u, firstTouch);
    }
    table[place] = drifted.theta;
    storeMoments(place, drifted.moments);
  }
  // A touched row's state is written by its last touch in the horizon.
  if (lane == 0u && catching.horizon == 0u) {
    rowStates[row] = vec4u(catching.upTo, 0u, 0u, 0u);
  }
}
