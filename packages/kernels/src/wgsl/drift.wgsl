// How dense Adam moves rows that it does not touch, in closed form: src/driftTable.ts says how.

// From this step on spans drift alike.
override settles: u32;
// Spans of so many steps or more are as good as endless; of those of `fewSteps` or fewer the terms are added up.
override fades: u32;
override fewSteps: u32;

// `drift`: powers (β1^n, β2^n, the decay of a root, –) for n = 0 … FINE − 1, then for multiples of FINE, since drivers' own powers are too
// coarse. Then two entries for the endless span after each step: the coefficients of its nearest block, and
// (1 / (1 − β1^t), 1 / √(1 − β2^t), first further block, further blocks) with t the step it begins with.
const FINE = 256u;
const COARSE = 4096u;

fn spanPlace(s: u32) -> u32 {
  return FINE + COARSE + 2u * min(s, settles);
}

fn decayOver(length: u32) -> vec4f {
  return drift[length % FINE] * drift[FINE + min(length / FINE, COARSE - 1u)];
}

fn driftTerm(block: vec4f, root: vec4f) -> vec4f {
  let r = 1.0 / (block.y * root + epsilon);
  let y = block.y * root * r;
  return block.x * r * (1.0 + y * y * (block.z - y * block.w));
}

fn endlessDrift(s: u32, root: vec4f) -> vec4f {
  let place = spanPlace(s);
  let further = drift[place + 1u];
  var sum = driftTerm(drift[place], root);
  for (var block = 0u; block < u32(further.w); block++) {
    sum += driftTerm(drift[u32(further.z) + block], root);
  }
  return sum;
}

fn shortDrift(s: u32, length: u32, root: vec4f) -> vec4f {
  var sum = vec4f();
  for (var k = 1u; k <= length; k++) {
    let decay = drift[k];
    let corrections = drift[spanPlace(s + k - 1u) + 1u];
    sum += decay.x * corrections.x / (decay.z * corrections.y * root + epsilon);
  }
  return sum;
}

// Four numbers of a row, and their moments.
struct Drifted {
  theta: vec4f,
  moments: Moments,
}

// What they are `length` steps without gradient after step s.
fn driftedFrom(s: u32, length: u32, old: Drifted, learningRate: f32) -> Drifted {
  if (length == 0u) {
    return old;
  }
  let root = sqrt(secondMoment(old.moments));
  let decay = decayOver(length);
  var sum: vec4f;
  if (length <= fewSteps) {
    sum = shortDrift(s, length, root);
  } else {
    sum = endlessDrift(s, root);
    if (length < fades) {
      sum -= decay.x * endlessDrift(s + length, decay.z * root);
    }
  }
  let moments = Moments(old.moments.m * decay.x, old.moments.v * decay.y, old.moments.vMax);
  return Drifted(old.theta - learningRate * old.moments.m * sum, moments);
}
