// sums[row] += Σ values[t] over the t with rows[t] = row, in the order of t: a lane group per run of the sorted rows.
//#include "grid.wgsl"

override vectors: u32;
override lanes: u32;
override workgroupSize: u32;

@group(0) @binding(0) var<storage, read> runs: array<vec4u>;
@group(0) @binding(1) var<storage, read> order: array<u32>;
@group(0) @binding(2) var<storage, read> values: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> sums: array<vec4f>;

@compute @workgroup_size(workgroupSize)
fn main(
  @builtin(workgroup_id) workgroupId: vec3u,
  @builtin(num_workgroups) workgroupCount: vec3u,
  @builtin(local_invocation_index) localIndex: u32,
) {
  let run = workgroupNumber(workgroupId, workgroupCount) * (workgroupSize / lanes) + localIndex / lanes;
  if (run >= runs[0].x) {
    return;
  }
  let row = runs[1u + run].x;
  for (var v = localIndex % lanes; v < vectors; v += lanes) {
    var sum = vec4f();
    for (var place = runs[1u + run].y; place < runs[2u + run].y; place++) {
      sum += values[order[place] * vectors + v];
    }
    sums[row * vectors + v] += sum;
  }
}
