// The second half of a step with dense updates, a lane group per touched row: sums the row's run of occurrences.
//#include "grid.wgsl"
//#include "step.wgsl"
//#include "laneGroup.wgsl"
//#include "occurrences.wgsl"
//#include "discrepancy.wgsl"

@group(0) @binding(0) var<storage, read> runs: array<vec4u>;
@group(0) @binding(1) var<storage, read> order: array<u32>;
@group(0) @binding(2) var<storage, read> snapshots: array<vec4f>;
// Written for touched rows only.
@group(0) @binding(3) var<storage, read_write> gradient: array<vec4f>;
// Per row: (stamp of the step that touched it last, bits of its share of the triples for the L2 term).
@group(0) @binding(4) var<storage, read_write> touched: array<vec2u>;
@group(0) @binding(5) var<storage, read_write> recorded: array<vec4f>;
// What was scored, for a discrepancy by element.
@group(0) @binding(6) var<storage, read> embeddings: array<vec4f>;

@compute @workgroup_size(workgroupSize)
fn main(
  @builtin(workgroup_id) workgroupId: vec3u,
  @builtin(num_workgroups) workgroupCount: vec3u,
  @builtin(local_invocation_index) localIndex: u32,
) {
  let lane = localIndex % lanes;
  let number = workgroupNumber(workgroupId, workgroupCount) * (workgroupSize / lanes) + localIndex / lanes;
  if (number >= runCount()) {
    return;
  }
  let run = runAt(number);
  for (var v = lane; v < vectors; v += lanes) {
    let place = run.row * vectors + v;
    var sum = runSum(run, v);
    if (isByElement()) {
      let opposite = run.row * vectors + (v + vectors / 2u) % vectors;
      sum.gradient += discrepancyGradient(embeddings[place], embeddings[opposite], runsAlike(number));
    }
    if (isByDistances()) {
      sum.gradient += snapshots[discrepancyPlace(number, v)];
    }
    gradient[place] = sum.gradient;
    record(place, sum);
  }
  if (lane == 0u) {
    touched[run.row] = vec2u(step.stamp, bitcast<u32>(runShare(run)));
  }
}
