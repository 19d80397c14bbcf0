// One propagation layer over sparse rows: a lane group per chunk of at most 256 edges of one row. A row of one chunk is
// finished here; a longer one leaves partial sums for spmmLongRows, which adds them in order.
//#include "propagation.wgsl"

// (row, first edge, end of edges, 1 + number of the partial sum, or 0 where the chunk is the whole row)
@group(0) @binding(0) var<storage, read> chunks: array<vec4u>;
@group(0) @binding(1) var<storage, read> columns: array<u32>;
@group(0) @binding(2) var<storage, read> scales: array<f32>;
@group(0) @binding(3) var<storage, read> x: array<vec4f>;
@group(0) @binding(4) var<storage, read> base: array<vec4f>;
@group(0) @binding(5) var<storage, read> touched: array<vec2u>;
@group(0) @binding(6) var<storage, read_write> partials: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> y: array<vec4f>;
@group(0) @binding(8) var<uniform> dropout: Dropout;

override chunkCount: u32;

@compute @workgroup_size(workgroupSize)
fn main(
  @builtin(workgroup_id) workgroupId: vec3u,
  @builtin(num_workgroups) workgroupCount: vec3u,
  @builtin(local_invocation_index) localIndex: u32,
) {
  let number = workgroupNumber(workgroupId, workgroupCount) * (workgroupSize / lanes) + localIndex / lanes;
  if (number >= chunkCount) {
    return;
  }
  let chunk = chunks[number];
  let row = chunk.x;
  for (var v = localIndex % lanes; v < vectors; v += lanes) {
    var sum = vec4f();
    for (var edge = chunk.y; edge < chunk.z; edge++) {
      let column = columns[edge];
      if (inputIsSparse == 1u && touched[column].x != step.stamp) {
        continue;
      }
      sum += scales[columnScales + column] * x[column * vectors + v];
    }
    if (chunk.w == 0u) {
      y[row * vectors + v] = outputVector(row, v, sum);
    } else {
      partials[(chunk.w - 1u) * vectors + v] = sum;
    }
  }
}
