// One propagation layer over sparse rows: a lane group per chunk of at most 256 edges of one row. A row of one chunk is
// finished here; a longer one leaves partial sums for spmmLongRows, which adds them in order.
//#include "propagation.wgsl"

// (row, first edge, end of edges, 1 + number of the partial sum, or 0 where the chunk is the whole row)
@group(0) @binding(0) var<storage, read> chunks: array<vec4u>;
@group(0) @binding(1) var<storage, read> columns: array<u32>;
@group(0) @binding(2) var<storage, read> scales: array<f32>;
@group(0) @binding(3) var<storage, read> x: array<vec4f>;
@group(0) @binding(4) var<storage, read> base: array<vec4f>;
@group(0) @binding(5) var<storage, read> marks: array<u32>;
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
  if (outputIsSparse == 1u && !isMarked(row)) {
    return;
  }
  for (var v = localIndex % lanes; v < vectors; v += lanes) {
    let sum = sumOverEdges(chunk.y, chunk.z, v);
    if (chunk.w == 0u) {
      y[row * vectors + v] = outputVector(row, v, sum);
    } else {
      partials[(chunk.w - 1u) * vectors + v] = sum;
    }
  }
}

//   for (var edge = begin; edge < end; edge++) { sum += scale(column) · x[column]; }
// in the same order, but with four rows on their way at a time.
fn sumOverEdges(begin: u32, end: u32, v: u32) -> vec4f {
  var sum = vec4f();
  var edge = begin;
  while (edge + 4u <= end) {
    let c = vec4u(columns[edge], columns[edge + 1u], columns[edge + 2u], columns[edge + 3u]);
    edge += 4u;
    if (inputIsSparse == 1u) {
      // Few rows are marked.
      let marked = vec4<bool>(isMarked(c.x), isMarked(c.y), isMarked(c.z), isMarked(c.w));
      if (marked.x) {
        sum += scaledInput(c.x, v);
      }
      if (marked.y) {
        sum += scaledInput(c.y, v);
      }
      if (marked.z) {
        sum += scaledInput(c.z, v);
      }
      if (marked.w) {
        sum += scaledInput(c.w, v);
      }
    } else {
      let first = scaledInput(c.x, v);
      let second = scaledInput(c.y, v);
      let third = scaledInput(c.z, v);
      let fourth = scaledInput(c.w, v);
      sum += first;
      sum += second;
      sum += third;
      sum += fourth;
    }
  }
  for (; edge < end; edge++) {
    let column = columns[edge];
    if (inputIsSparse == 0u || isMarked(column)) {
      sum += scaledInput(column, v);
    }
  }
  return sum;
}

fn scaledInput(column: u32, v: u32) -> vec4f {
  return scales[columnScales + column] * x[column * vectors + v];
}
