// −ln σ(x) and its derivative −σ(−x), both from e^{−|x|}, which cannot overflow.
struct BprTerm {
  loss: f32,
  slope: f32,
}

fn bprTerm(x: f32) -> BprTerm {
  let e = exp(-abs(x));
  let loss = max(-x, 0.0) + log(1.0 + e);
  let slope = -select(1.0, e, x >= 0.0) / (1.0 + e);
  return BprTerm(loss, slope);
}
