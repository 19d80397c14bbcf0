// 1 / ‖x‖ from ‖x‖², and 0 for a row of zeros (or of numbers whose squares vanish in float32), which then stays one.
fn inverseNormOf(squaredNorm: f32) -> f32 {
  if (squaredNorm < 0x1p-126f) {
    return 0.0;
  }
  return inverseSqrt(squaredNorm);
}
