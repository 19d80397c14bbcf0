// Partial sums of the gradient of MACR's towers (wgsl/towerPartials.wgsl): four numbers of a stretch of slots an invocation.
//#include "grid.wgsl"
//#include "step.wgsl"
//#include "snapshots.wgsl"

override vectors: u32;
override workgroupSize: u32;
override stretches: u32;
override slotsPerStretch: u32;

@group(0) @binding(0) var<storage, read> snapshots: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> partials: array<vec4f>;

@compute @workgroup_size(workgroupSize)
fn main(
  @builtin(workgroup_id) workgroupId: vec3u,
  @builtin(num_workgroups) workgroupCount: vec3u,
  @builtin(local_invocation_index) localIndex: u32,
) {
  let id = workgroupNumber(workgroupId, workgroupCount) * workgroupSize + localIndex;
  if (id >= stretches * 2u * vectors) {
    return;
  }
  let v = id % vectors;
  let isUserTower = (id / vectors) % 2u == 0u;
  let begin = id / (2u * vectors) * slotsPerStretch;
  let end = min(begin + slotsPerStretch, step.positives);
  var sum = vec4f();
  for (var slot = begin; slot < end; slot++) {
    if (isUserTower) {
      sum += snapshots[coefficientPlace(slot, 0u, 1u)][0] * snapshots[snapshotPlace(USER, slot, v)];
    } else {
      sum += snapshots[snapshotPlace(TO_ITEM_TOWER, slot, v)];
    }
  }
  partials[id] = sum;
}
