// What both optimizers share: the gradient of four numbers of a row. `gradient` holds the data term, for all rows or only for
// those this step touched; the L2 term acts on touched rows, weighted by their share of the triples; weight decay on all.
override vectors: u32;
// 1: `gradient` is valid for every row (propagated back over a graph, or an op's). 0: only where `touched` carries the stamp.
override gradientIsDense: u32;
override l2: f32;
override weightDecay: f32;

fn rowGradient(place: u32, theta: vec4f) -> vec4f {
  let mark = touched[place / vectors];
  let isTouched = mark.x == step.stamp;
  var sum = vec4f();
  if (gradientIsDense == 1u || isTouched) {
    sum = gradient[place];
  }
  if (l2 > 0.0 && isTouched) {
    sum += l2 * bitcast<f32>(mark.y) * theta;
  }
  return sum + weightDecay * theta;
}
