// y = mask ∘ x for marked rows, four numbers an invocation: with dropout, the first thing that happens to a
// gradient on its way back. Other rows of y are left as they are.
//#include "grid.wgsl"
//#include "step.wgsl"
//#include "dropout.wgsl"
//#include "marks.wgsl"

override vectors: u32;
override workgroupSize: u32;
override vectorCount: u32;
override maskLayer: u32;

@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@group(0) @binding(1) var<storage, read> marks: array<u32>;
@group(0) @binding(2) var<storage, read_write> y: array<vec4f>;
@group(0) @binding(3) var<uniform> dropout: Dropout;

@compute @workgroup_size(workgroupSize)
fn main(
  @builtin(workgroup_id) workgroupId: vec3u,
  @builtin(num_workgroups) workgroupCount: vec3u,
  @builtin(local_invocation_index) localIndex: u32,
) {
  let place = workgroupNumber(workgroupId, workgroupCount) * workgroupSize + localIndex;
  if (place >= vectorCount || !isMarked(place / vectors)) {
    return;
  }
  y[place] = dropoutMask(place / vectors, place % vectors, maskLayer) * x[place];
}
