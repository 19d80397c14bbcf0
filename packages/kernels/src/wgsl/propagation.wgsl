//#include "grid.wgsl"
//#include "step.wgsl"
// What the two propagation kernels share. A layer computes
//   y = outputScale · (base + A x)   with   (A x)[r] = nodeScale[r] · Σ_{c ∈ neighbours(r)} nodeScale[c] · x[c],
// so that the mean of layers 0 … L is L applications by Horner's rule: z ← base + A z, the last one scaled by 1/(L + 1).
// The matrix is symmetric: the same kernels carry gradients back.
override vectors: u32;
override lanes: u32;
override workgroupSize: u32;
override outputScale: f32;
// 0: y = outputScale · A x.
override hasBase: u32;
// 1: rows of `base` (of `x`) that this step did not touch count as zero, whatever they hold.
override baseIsSparse: u32;
override inputIsSparse: u32;

fn baseVector(row: u32, v: u32) -> vec4f {
  if (hasBase == 0u || (baseIsSparse == 1u && touched[row].x != step.stamp)) {
    return vec4f();
  }
  return base[row * vectors + v];
}
