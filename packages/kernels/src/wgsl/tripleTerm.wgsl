//#include "logistic.wgsl"
// The losses of a triple, and their derivatives by its two scores.
struct TripleTerm {
  loss: f32,
  positiveSlope: f32,
  negativeSlope: f32,
}

// Bayesian personalised ranking: −ln σ(positive − negative).
fn bprTerm(positiveScore: f32, negativeScore: f32) -> TripleTerm {
  let term = logisticTerm(positiveScore - negativeScore);
  return TripleTerm(term.loss, term.slope, -term.slope);
}

// Binary cross-entropy: −ln σ(positive) − negativeWeight · ln(1 − σ(negative)), where 1 − σ(s) = σ(−s).
fn bceTerm(positiveScore: f32, negativeScore: f32, negativeWeight: f32) -> TripleTerm {
  let positive = logisticTerm(positiveScore);
  let negative = logisticTerm(-negativeScore);
  return TripleTerm(positive.loss + negativeWeight * negative.loss, positive.slope, -negativeWeight * negative.slope);
}
