// Adam with PyTorch's semantics and order of operations, four numbers at a time.
override beta2: f32;
// 1 − β1 and 1 − β2, subtracted in double precision.
override oneMinusBeta1: f32;
override oneMinusBeta2: f32;
override epsilon: f32;
override amsgrad: u32;

// m, v and, with amsgrad, the largest v so far, of four numbers.
struct Moments {
  m: vec4f,
  v: vec4f,
  vMax: vec4f,
}

fn updatedMoments(old: Moments, g: vec4f) -> Moments {
  let m = old.m + oneMinusBeta1 * (g - old.m);
  let v = beta2 * old.v + oneMinusBeta2 * g * g;
  return Moments(m, v, max(old.vMax, v));
}

// What the root is taken of.
fn secondMoment(moments: Moments) -> vec4f {
  if (amsgrad == 1u) {
    return moments.vMax;
  }
  return moments.v;
}

fn adamStep(moments: Moments, stepSize: f32, sqrtCorrection: f32) -> vec4f {
  return stepSize * (moments.m / (sqrt(secondMoment(moments)) / sqrtCorrection + epsilon));
}

// Moments lie together, two or three vec4s for four numbers of the table.
fn momentsAt(place: u32) -> Moments {
  let base = place * (2u + amsgrad);
  var vMax = vec4f();
  if (amsgrad == 1u) {
    vMax = storedMoments[base + 2u];
  }
  return Moments(storedMoments[base], storedMoments[base + 1u], vMax);
}

fn storeMoments(place: u32, moments: Moments) {
  let base = place * (2u + amsgrad);
  storedMoments[base] = moments.m;
  storedMoments[base + 1u] = moments.v;
  if (amsgrad == 1u) {
    storedMoments[base + 2u] = moments.vMax;
  }
}
