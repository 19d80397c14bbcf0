// y = x / ‖x‖ of every row, a lane group a row; a row of zeros stays one.
//#include "grid.wgsl"
//#include "laneGroup.wgsl"
//#include "norm.wgsl"

override rowCount: u32;

@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> y: array<vec4f>;

@compute @workgroup_size(workgroupSize)
fn main(
  @builtin(workgroup_id) workgroupId: vec3u,
  @builtin(num_workgroups) workgroupCount: vec3u,
  @builtin(local_invocation_index) localIndex: u32,
) {
  let lane = localIndex % lanes;
  let number = workgroupNumber(workgroupId, workgroupCount) * (workgroupSize / lanes) + localIndex / lanes;
  // Groups without a row work on the last one, so that all meet at the barriers, and write nothing.
  let base = min(number, rowCount - 1u) * vectors;
  var squares = 0.0;
  for (var v = lane; v < vectors; v += lanes) {
    squares += dot(x[base + v], x[base + v]);
  }
  let inverseNorm = inverseNormOf(sumOverLanes(squares, localIndex));
  if (number >= rowCount) {
    return;
  }
  for (var v = lane; v < vectors; v += lanes) {
    y[base + v] = inverseNorm * x[base + v];
  }
}
