/** The distance correlation of two sets of points, and its gradient by all their coordinates. */
export interface DistanceCorrelation {
  /** From 0 to 1. */
  readonly value: number
  readonly byX: Float64Array
  readonly byY: Float64Array
}

/** Keeps roots and quotients finite where all points of a set coincide. */
const EPSILON = 1e-12

/**
 * How much the distances among the points X_k tell of those among their partners Y_k (Székely, Rizzo & Bakirov, Annals of
 * Statistics 2007; METHODS.md §3.6), with the formulas at `Discrepancy`. 1 where Y is X turned, moved or made larger; 0 only where
 * distances have nothing in common. One point is defined to have 0.
 *
 * The gradient: centring by rows and columns is a projection and A, B are centred already, so that
 *
 *     ∂S_ab/∂a_kl = B_kl / n²        ∂S_aa/∂a_kl = 2 A_kl / n²        ∂a_kl/∂X_k = (X_k − X_l) / a_kl = −∂a_kl/∂X_l
 *
 * and from ln dCor = ½ ln(S_ab + ε) − ¼ ln(S_aa + ε) − ¼ ln(S_bb + ε) follows what is summed up below. At a_kl = 0 the distance has
 * a kink, and 0 stands for its gradient.
 *
 * @param x count × any width
 * @param y count × the same or another width
 */
export function distanceCorrelation(x: Float64Array, y: Float64Array, count: number): DistanceCorrelation {
  if (count === 1) return { value: 0, byX: new Float64Array(x.length), byY: new Float64Array(y.length) }
  const [a, b] = [distances(x, count), distances(y, count)]
  const [A, B] = [centred(a, count), centred(b, count)]
  const sAB = Math.max(meanProduct(A, B), 0) + EPSILON
  const sAA = meanProduct(A, A) + EPSILON
  const sBB = meanProduct(B, B) + EPSILON
  const value = Math.sqrt(sAB) / (sAA ** 0.25 * sBB ** 0.25)
  const byDistance = (own: Float64Array, sOwn: number, other: Float64Array): Float64Array =>
    own.map((_, kl) => (value * (other[kl]! / (2 * sAB) - own[kl]! / (2 * sOwn))) / (count * count))
  return {
    value,
    byX: throughDistances(x, a, byDistance(A, sAA, B), count),
    byY: throughDistances(y, b, byDistance(B, sBB, A), count),
  }
}

/** count × count: the Euclidean distances of all points from all. */
function distances(points: Float64Array, count: number): Float64Array {
  const width = points.length / count
  const out = new Float64Array(count * count)
  for (let k = 0; k < count; k++) {
    for (let l = 0; l < count; l++) {
      let squares = 0
      for (let f = 0; f < width; f++) squares += (points[k * width + f]! - points[l * width + f]!) ** 2
      out[k * count + l] = Math.sqrt(squares)
    }
  }
  return out
}

/** A symmetric matrix minus the means of its rows and of its columns, plus the mean of all: sums of rows and columns are 0. */
function centred(matrix: Float64Array, count: number): Float64Array {
  const means = new Float64Array(count)
  for (let kl = 0; kl < matrix.length; kl++) means[Math.floor(kl / count)]! += matrix[kl]! / count
  const mean = means.reduce((sum, value) => sum + value, 0) / count
  return matrix.map((value, kl) => value - means[Math.floor(kl / count)]! - means[kl % count]! + mean)
}

function meanProduct(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let kl = 0; kl < a.length; kl++) sum += a[kl]! * b[kl]!
  return sum / a.length
}

/** The gradient by points from that by their distances: 2 Σ_l by_kl (X_k − X_l) / a_kl, as a_kl and a_lk both move with X_k. */
function throughDistances(
  points: Float64Array,
  between: Float64Array,
  byDistance: Float64Array,
  count: number,
): Float64Array {
  const width = points.length / count
  const out = new Float64Array(points.length)
  for (let k = 0; k < count; k++) {
    for (let l = 0; l < count; l++) {
      const distance = between[k * count + l]!
      if (distance === 0) continue
      const scale = (2 * byDistance[k * count + l]!) / distance
      for (let f = 0; f < width; f++) out[k * width + f]! += scale * (points[k * width + f]! - points[l * width + f]!)
    }
  }
  return out
}
