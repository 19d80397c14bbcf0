// Inner products of rows of `vectors` vectors of four float32s.

/** a·b. Four sums run side by side, because one alone would wait for each addition to finish. */
export function dot(a: usize, b: usize, vectors: u32): f32 {
  let sum0 = f32x4.splat(0)
  let sum1 = f32x4.splat(0)
  let sum2 = f32x4.splat(0)
  let sum3 = f32x4.splat(0)
  const end = a + (vectors << 4)
  const wideEnd = a + ((vectors & ~3) << 4)
  while (a < wideEnd) {
    sum0 = f32x4.add(sum0, f32x4.mul(v128.load(a), v128.load(b)))
    sum1 = f32x4.add(sum1, f32x4.mul(v128.load(a, 16), v128.load(b, 16)))
    sum2 = f32x4.add(sum2, f32x4.mul(v128.load(a, 32), v128.load(b, 32)))
    sum3 = f32x4.add(sum3, f32x4.mul(v128.load(a, 48), v128.load(b, 48)))
    a += 64
    b += 64
  }
  while (a < end) {
    sum0 = f32x4.add(sum0, f32x4.mul(v128.load(a), v128.load(b)))
    a += 16
    b += 16
  }
  return sumOfLanes(f32x4.add(f32x4.add(sum0, sum1), f32x4.add(sum2, sum3)))
}

/** (a·b0, a·b1, a·b2, a·b3) in one pass over a. */
export function dotFour(a: usize, b0: usize, b1: usize, b2: usize, b3: usize, vectors: u32): v128 {
  let sum0 = f32x4.splat(0)
  let sum1 = f32x4.splat(0)
  let sum2 = f32x4.splat(0)
  let sum3 = f32x4.splat(0)
  const bytes = vectors << 4
  for (let at: usize = 0; at < bytes; at += 16) {
    const value = v128.load(a + at)
    sum0 = f32x4.add(sum0, f32x4.mul(value, v128.load(b0 + at)))
    sum1 = f32x4.add(sum1, f32x4.mul(value, v128.load(b1 + at)))
    sum2 = f32x4.add(sum2, f32x4.mul(value, v128.load(b2 + at)))
    sum3 = f32x4.add(sum3, f32x4.mul(value, v128.load(b3 + at)))
  }
  // Transposed, the four sums of lanes are three vector additions.
  const low01 = v128.shuffle<f32>(sum0, sum1, 0, 4, 1, 5)
  const high01 = v128.shuffle<f32>(sum0, sum1, 2, 6, 3, 7)
  const low23 = v128.shuffle<f32>(sum2, sum3, 0, 4, 1, 5)
  const high23 = v128.shuffle<f32>(sum2, sum3, 2, 6, 3, 7)
  const lanes01 = f32x4.add(low01, high01)
  const lanes23 = f32x4.add(low23, high23)
  return f32x4.add(v128.shuffle<f32>(lanes01, lanes23, 0, 1, 4, 5), v128.shuffle<f32>(lanes01, lanes23, 2, 3, 6, 7))
}

@inline
function sumOfLanes(sum: v128): f32 {
  const pairs = f32x4.add(sum, v128.shuffle<f32>(sum, sum, 2, 3, 0, 1))
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1)
}
