/**
 * Where m, v and the root of v's increment become zero. Left alone, moments of rows that are seldom touched, and of triples
 * long learned, decay into denormal numbers, which many CPUs handle some hundred cycles each. 2^−60 squared is 2^−120, whose
 * products with β stay normal. What is lost changes no float32: √v < 2^−60 ≈ 9e−19 adds less than 2^−33 of an ε of 1e−8,
 * and m < 2^−120 moves θ by less than learningRate · 2^−93. (WGSL lets GPUs flush denormals as well.)
 */
export const TINY: f32 = 7.52316384526264e-37
export const TINY_ROOT: f32 = 8.673617379884035e-19

/** x where |x| ≥ least, else 0. */
@inline
export function flush(x: v128, least: f32): v128 {
  return v128.and(x, f32x4.ge(f32x4.abs(x), f32x4.splat(least)))
}
