// Finishes the rows that spmm cut: adds their partial sums in order.
//#include "propagation.wgsl"

// (row, first partial sum, end of partial sums, –)
@group(0) @binding(0) var<storage, read> longRows: array<vec4u>;
@group(0) @binding(1) var<storage, read> scales: array<f32>;
@group(0) @binding(2) var<storage, read> base: array<vec4f>;
@group(0) @binding(3) var<storage, read> marks: array<u32>;
@group(0) @binding(4) var<storage, read> partials: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> y: array<vec4f>;
@group(0) @binding(6) var<uniform> dropout: Dropout;

override longRowCount: u32;

@compute @workgroup_size(workgroupSize)
fn main(
  @builtin(workgroup_id) workgroupId: vec3u,
  @builtin(num_workgroups) workgroupCount: vec3u,
  @builtin(local_invocation_index) localIndex: u32,
) {
  let number = workgroupNumber(workgroupId, workgroupCount) * (workgroupSize / lanes) + localIndex / lanes;
  if (number >= longRowCount) {
    return;
  }
  let row = longRows[number].x;
  if (outputIsSparse == 1u && !isMarked(row)) {
    return;
  }
  for (var v = localIndex % lanes; v < vectors; v += lanes) {
    var sum = vec4f();
    for (var partial = longRows[number].y; partial < longRows[number].z; partial++) {
      sum += partials[partial * vectors + v];
    }
    y[row * vectors + v] = outputVector(row, v, sum);
  }
}
