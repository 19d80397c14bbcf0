// −ln σ(x) and its derivative −σ(−x), both from e^{−|x|}, which cannot overflow.
struct LogisticTerm {
  loss: f32,
  slope: f32,
}

fn logisticTerm(x: f32) -> LogisticTerm {
  let e = exp(-abs(x));
  let loss = max(-x, 0.0) + log(1.0 + e);
  let slope = -select(1.0, e, x >= 0.0) / (1.0 + e);
  return LogisticTerm(loss, slope);
}

fn sigmoid(x: f32) -> f32 {
  return -logisticTerm(-x).slope;
}
