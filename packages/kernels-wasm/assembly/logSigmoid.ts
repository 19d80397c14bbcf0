// −ln σ(x) and its derivative −σ(−x), four at a time, both from e = e^{−|x|}, which cannot overflow:
//   loss = max(−x, 0) + ln(1 + e)      slope = −(x ≥ 0 ? e : 1) / (1 + e)
// Series are long enough that what is left out is below float32's rounding.

/** Beyond it e is taken as e^{−64} ≈ 1.6e−28: no sum notices, and no product of it is denormal, which would be slow. */
const LARGEST: f32 = 64
const LOG2_E: f32 = 1.4426950408889634
/** ln 2 in two parts, the first with few enough bits that its products with whole numbers up to 2^8 are exact. */
const LN2_HIGH: f32 = 0.693115234375
const LN2_LOW: f32 = 0.000031946184945309415

/** Replaces `count` numbers x by slopes and writes their losses; both arrays are padded to whole vectors. */
export function logSigmoidTerms(slopes: usize, losses: usize, count: u32): void {
  const one = f32x4.splat(1)
  const zero = f32x4.splat(0)
  const end = slopes + (count << 2)
  while (slopes < end) {
    const x = v128.load(slopes)
    const e = exponential(f32x4.neg(f32x4.pmin(f32x4.abs(x), f32x4.splat(LARGEST))))
    const onePlus = f32x4.add(one, e)
    const numerator = v128.bitselect(e, one, f32x4.ge(x, zero))
    v128.store(slopes, f32x4.neg(f32x4.div(numerator, onePlus)))
    v128.store(losses, f32x4.add(f32x4.pmax(f32x4.neg(x), zero), logOnePlus(e)))
    slopes += 16
    losses += 16
  }
}

/**
 * Replaces `count` numbers x by σ(x), and writes σ(−x) and −ln σ(x). Of both sigmoids the small one keeps its digits:
 *   σ(|x|) = 1 / (1 + e)      σ(−|x|) = e / (1 + e)
 */
export function logisticTerms(sigmoids: usize, opposites: usize, losses: usize, count: u32): void {
  const one = f32x4.splat(1)
  const zero = f32x4.splat(0)
  const end = sigmoids + (count << 2)
  while (sigmoids < end) {
    const x = v128.load(sigmoids)
    const e = exponential(f32x4.neg(f32x4.pmin(f32x4.abs(x), f32x4.splat(LARGEST))))
    const large = f32x4.div(one, f32x4.add(one, e))
    const small = f32x4.mul(e, large)
    const isPositive = f32x4.ge(x, zero)
    v128.store(sigmoids, v128.bitselect(large, small, isPositive))
    v128.store(opposites, v128.bitselect(small, large, isPositive))
    v128.store(losses, f32x4.add(f32x4.pmax(f32x4.neg(x), zero), logOnePlus(e)))
    sigmoids += 16
    opposites += 16
    losses += 16
  }
}

/** e^x for −64 ≤ x ≤ 0: 2^n · e^r with n whole and |r| ≤ ln 2 / 2, e^r by Taylor's series. */
@inline
export function exponential(x: v128): v128 {
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(LOG2_E)))
  let r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(LN2_HIGH)))
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(LN2_LOW)))
  let sum = f32x4.splat(1.0 / 5040.0)
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1.0 / 720.0))
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1.0 / 120.0))
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1.0 / 24.0))
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1.0 / 6.0))
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(0.5))
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1))
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1))
  // 2^n by its exponent field.
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23)
  return f32x4.mul(sum, power)
}

/** ln(1 + e) for 0 < e ≤ 1: 2 artanh(s) with s = e / (2 + e) ≤ 1/3, which keeps the digits of a small e. */
@inline
function logOnePlus(e: v128): v128 {
  const s = f32x4.div(e, f32x4.add(e, f32x4.splat(2)))
  const square = f32x4.mul(s, s)
  let sum = f32x4.splat(2.0 / 15.0)
  sum = f32x4.add(f32x4.mul(sum, square), f32x4.splat(2.0 / 13.0))
  sum = f32x4.add(f32x4.mul(sum, square), f32x4.splat(2.0 / 11.0))
  sum = f32x4.add(f32x4.mul(sum, square), f32x4.splat(2.0 / 9.0))
  sum = f32x4.add(f32x4.mul(sum, square), f32x4.splat(2.0 / 7.0))
  sum = f32x4.add(f32x4.mul(sum, square), f32x4.splat(2.0 / 5.0))
  sum = f32x4.add(f32x4.mul(sum, square), f32x4.splat(2.0 / 3.0))
  sum = f32x4.add(f32x4.mul(sum, square), f32x4.splat(2))
  return f32x4.mul(sum, s)
}
