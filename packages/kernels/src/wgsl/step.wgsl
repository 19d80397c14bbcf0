// What differs from step to step, bound with a dynamic offset so that bind groups are built once.
struct Step {
  // Number of the step within the horizon that was planned at once.
  index: u32,
  // 1 + the step's number in the run: marks the rows that this step touched.
  stamp: u32,
  // Positives in this step: the batch, or what is left of an epoch.
  positives: u32,
  // 1 / (positives · negatives): the loss is a mean over triples.
  inverseTriples: f32,
  // Adam: learningRate / (1 − β1^t). SGD: learningRate.
  stepSize: f32,
  // Adam: √(1 − β2^t).
  sqrtCorrection: f32,
  learningRate: f32,
  // What recording weighs: the learning rate with `vector`; with `gradient`, whose slopes are over the number of triples, that times
  // the number of triples.
  recordedScale: f32,
  // DICE: decayᵉ in epoch e.
  decay: f32,
}

@group(1) @binding(0) var<uniform> step: Step;
