//#include "grid.wgsl"
//#include "step.wgsl"
//#include "dropout.wgsl"
//#include "marks.wgsl"
// What the two propagation kernels share. A layer computes
//   y = outputScale · mask ∘ (base + A x)   with   (A x)[r] = rowScale[r] · Σ_{c ∈ neighbours(r)} columnScale[c] · x[c],
// so that the mean of layers 0 … L is L applications by Horner's rule: z ← base + A z, the last one scaled by 1/(L + 1).
// Edges go both ways: with the two scales exchanged the same kernels carry gradients back.
override vectors: u32;
override lanes: u32;
override workgroupSize: u32;
override outputScale: f32;
// Where in `scales` those of the rows and those of the columns begin.
override rowScales: u32;
override columnScales: u32;
// 0: y = outputScale · mask ∘ A x.
override hasBase: u32;
// 1: rows of `base` (of `x`) that are not marked count as zero, whatever they hold.
override baseIsSparse: u32;
override inputIsSparse: u32;
// 1: only marked rows of y are wanted; others are left as they are.
override outputIsSparse: u32;
// The layer whose dropout mask y goes through; 0: none.
override maskLayer: u32;

fn baseVector(row: u32, v: u32) -> vec4f {
  if (hasBase == 0u || (baseIsSparse == 1u && !isMarked(row))) {
    return vec4f();
  }
  return base[row * vectors + v];
}

// Four numbers of a finished row, from the sum over its neighbours.
fn outputVector(row: u32, v: u32, sum: vec4f) -> vec4f {
  let output = outputScale * (baseVector(row, v) + scales[rowScales + row] * sum);
  if (maskLayer == 0u) {
    return output;
  }
  return dropoutMask(row, v, maskLayer) * output;
}
