// Dense Adam: every row at every step, four numbers an invocation.
//#include "grid.wgsl"
//#include "step.wgsl"
//#include "rowGradient.wgsl"
//#include "adamUpdate.wgsl"

override workgroupSize: u32;
override vectorCount: u32;

@group(0) @binding(0) var<storage, read_write> table: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> storedMoments: array<vec4f>;
@group(0) @binding(2) var<storage, read> gradient: array<vec4f>;
@group(0) @binding(3) var<storage, read> touched: array<vec2u>;

@compute @workgroup_size(workgroupSize)
fn main(
  @builtin(workgroup_id) workgroupId: vec3u,
  @builtin(num_workgroups) workgroupCount: vec3u,
  @builtin(local_invocation_index) localIndex: u32,
) {
  let place = workgroupNumber(workgroupId, workgroupCount) * workgroupSize + localIndex;
  if (place >= vectorCount) {
    return;
  }
  let theta = table[place];
  let moments = updatedMoments(momentsAt(place), rowGradient(place, theta));
  storeMoments(place, moments);
  table[place] = theta - adamStep(moments, step.stepSize, step.sqrtCorrection);
}
