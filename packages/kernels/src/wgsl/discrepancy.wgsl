// DICE's discrepancy, a term of all the distinct users and of all the distinct items of a step: −weight times the mean of |D| (l1)
// or D² (l2), D the n · d / 2 differences of first and second halves of n rows; or weight times the distance correlation of the
// halves (dCor), whose gradient other kernels have left beside the snapshots (kernels/distanceCorrelationGradient.wgsl).

// 0: none. 1: l1. 2: l2. 3: dCor.
override discrepancy: u32;
override discrepancyWeight: f32;

// True for what is a sum over the elements of single rows.
fn isByElement() -> bool {
  return discrepancy == 1u || discrepancy == 2u;
}

fn isByDistances() -> bool {
  return discrepancy == 3u;
}

// Gradient by four numbers of a row. `opposite` are those in the same places of the row's other half: the gradient is odd in the
// difference, so it does not matter which half is which. `alike` is n.
fn discrepancyGradient(own: vec4f, opposite: vec4f, alike: u32) -> vec4f {
  let difference = own - opposite;
  let slope = select(2.0 * difference, sign(difference), discrepancy == 1u);
  return -discrepancyWeight / f32(alike * 2u * vectors) * slope;
}
