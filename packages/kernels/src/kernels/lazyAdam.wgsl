// The second half of a step with lazy updates, a lane group per touched row: sums the row's run, updates it, and lets it drift
// to the step before its next touch, or to the end of the horizon, all while it is in registers.
//#include "grid.wgsl"
//#include "step.wgsl"
//#include "laneGroup.wgsl"
//#include "occurrences.wgsl"
//#include "discrepancy.wgsl"
//#include "adamUpdate.wgsl"
//#include "drift.wgsl"
//#include "rowState.wgsl"

override l2: f32;

@group(0) @binding(0) var<storage, read> runs: array<vec2u>;
@group(0) @binding(1) var<storage, read> order: array<u32>;
@group(0) @binding(2) var<storage, read> snapshots: array<vec4f>;
@group(0) @binding(3) var<storage, read> within: array<u32>;
@group(0) @binding(4) var<storage, read_write> rowStates: array<vec4u>;
@group(0) @binding(5) var<storage, read_write> table: array<vec4f>;
@group(0) @binding(6) var<storage, read_write> storedMoments: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> recorded: array<vec4f>;

@compute @workgroup_size(workgroupSize)
fn main(
  @builtin(workgroup_id) workgroupId: vec3u,
  @builtin(num_workgroups) workgroupCount: vec3u,
  @builtin(local_invocation_index) localIndex: u32,
) {
  let lane = localIndex % lanes;
  let number = workgroupNumber(workgroupId, workgroupCount) * (workgroupSize / lanes) + localIndex / lanes;
  let count = runCount();
  let run = runAt(min(number, count - 1u));
  let touch = nextTouch(rowStates[run.row], step.index + 1u);
  // All lanes have read the state before one of them writes it.
  workgroupBarrier();
  if (number >= count) {
    return;
  }
  let length = select(touch, step.horizon, touch == NEVER) - (step.index + 1u);
  let weight = l2 * runShare(run);
  // With a discrepancy by element an invocation updates the same places of both halves, and reads both before it writes one.
  let halves = select(1u, 2u, isByElement());
  for (var first = lane; first < vectors / halves; first += lanes) {
    var apart = vec4f();
    if (isByElement()) {
      let place = run.row * vectors + first;
      apart = discrepancyGradient(table[place], table[place + vectors / 2u], runsAlike(number));
    }
    for (var half = 0u; half < halves; half++) {
      let v = first + half * (vectors / 2u);
      let place = run.row * vectors + v;
      let theta = table[place];
      let sum = runSum(run, v);
      record(place, sum);
      var gradient = sum.gradient + select(apart, -apart, half == 1u) + weight * theta;
      if (isByDistances()) {
        gradient += snapshots[discrepancyPlace(number, v)];
      }
      let moments = updatedMoments(momentsAt(place), gradient);
      let updated = Drifted(theta - adamStep(moments, step.stepSize, step.sqrtCorrection), moments);
      let drifted = driftWithin(updated, step.horizon, step.index + 1u, length);
      table[place] = drifted.theta;
      storeMoments(place, drifted.moments);
    }
  }
  if (lane == 0u && touch == NEVER) {
    rowStates[run.row] = vec4u(step.stamp + length, 0u, 0u, 0u);
  }
}
