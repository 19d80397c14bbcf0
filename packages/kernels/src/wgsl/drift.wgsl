// How dense Adam moves rows that it does not touch, in closed form: packages/engine/src/adamDrift.ts has the formulas.
fn driftTerm(block: vec4f, root: vec4f) -> vec4f {
  let r = 1.0 / (block.y * root + epsilon);
  let y = block.y * root * r;
  return block.x * r * (1.0 + y * y * (block.z - y * block.w));
}

// Spans inside the horizon: β1^n and β2^n for n = 0 … horizon, then where each span's blocks start, then the blocks.
fn withinSpan(horizon: u32, begin: u32, length: u32) -> u32 {
  return 2u * (horizon + 1u) + begin * (horizon + 1u) - begin * (begin - 1u) / 2u + length;
}

// Four numbers of a row, and their moments, after `length` steps without gradient that begin after `begin` steps of the horizon.
struct Drifted {
  theta: vec4f,
  moments: Moments,
}

fn driftWithin(old: Drifted, horizon: u32, begin: u32, length: u32) -> Drifted {
  if (length == 0u) {
    return old;
  }
  let root = sqrt(secondMoment(old.moments));
  let span = withinSpan(horizon, begin, length);
  // The table of starts has one entry more than spans; blocks follow it.
  let spans = (horizon + 1u) * (horizon + 2u) / 2u;
  let firstBlock = 2u * (horizon + 1u) + spans + 1u;
  var sum = vec4f();
  for (var block = within[span]; block < within[span + 1u]; block++) {
    let base = firstBlock + 4u * block;
    let block4 = vec4u(within[base], within[base + 1u], within[base + 2u], within[base + 3u]);
    sum += driftTerm(bitcast<vec4f>(block4), root);
  }
  let decay1 = bitcast<f32>(within[length]);
  let decay2 = bitcast<f32>(within[horizon + 1u + length]);
  let moments = Moments(old.moments.m * decay1, old.moments.v * decay2, old.moments.vMax);
  return Drifted(old.theta - old.moments.m * sum, moments);
}
