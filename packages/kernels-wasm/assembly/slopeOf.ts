/** The derivatives of |x| (`isL1`; 0 at 0) or x² of four differences x. */
@inline
export function slopeOf(isL1: bool, x: v128): v128 {
  if (!isL1) return f32x4.add(x, x)
  const one = f32x4.splat(1)
  const zero = f32x4.splat(0)
  return f32x4.sub(v128.and(one, f32x4.gt(x, zero)), v128.and(one, f32x4.lt(x, zero)))
}
