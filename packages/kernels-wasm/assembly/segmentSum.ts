import { Place } from './fitBlock'

/**
 * The gradient of a row: the sum of coefficient · snapshot over its occurrences, in their order. That is the scatter-add: one
 * writer a row, nothing lost, the same bits every time.
 *
 *     for place of run: for v: gradient[v] += coefficients[place.coefficient] · snapshots[place.snapshot][v]
 *
 * Eight vectors at a time stay in registers over all the occurrences.
 *
 * @param snapshots where the part of the rows begins that is summed up, in row 0
 * @param bytes of the part
 */
export function segmentSum(
  order: usize,
  begin: u32,
  end: u32,
  coefficients: usize,
  snapshots: usize,
  rowBytes: usize,
  gradient: usize,
  bytes: usize,
): void {
  const first = order + begin * offsetof<Place>()
  const last = order + end * offsetof<Place>()
  let at: usize = 0
  for (; at + 128 <= bytes; at += 128) {
    let s0 = f32x4.splat(0)
    let s1 = f32x4.splat(0)
    let s2 = f32x4.splat(0)
    let s3 = f32x4.splat(0)
    let s4 = f32x4.splat(0)
    let s5 = f32x4.splat(0)
    let s6 = f32x4.splat(0)
    let s7 = f32x4.splat(0)
    for (let place = first; place < last; place += offsetof<Place>()) {
      const c = v128.load32_splat(coefficients + (load<u32>(place) << 2))
      const from = snapshots + load<u32>(place, 4) * rowBytes + at
      s0 = f32x4.add(s0, f32x4.mul(c, v128.load(from)))
      s1 = f32x4.add(s1, f32x4.mul(c, v128.load(from, 16)))
      s2 = f32x4.add(s2, f32x4.mul(c, v128.load(from, 32)))
      s3 = f32x4.add(s3, f32x4.mul(c, v128.load(from, 48)))
      s4 = f32x4.add(s4, f32x4.mul(c, v128.load(from, 64)))
      s5 = f32x4.add(s5, f32x4.mul(c, v128.load(from, 80)))
      s6 = f32x4.add(s6, f32x4.mul(c, v128.load(from, 96)))
      s7 = f32x4.add(s7, f32x4.mul(c, v128.load(from, 112)))
    }
    v128.store(gradient + at, s0)
    v128.store(gradient + at, s1, 16)
    v128.store(gradient + at, s2, 32)
    v128.store(gradient + at, s3, 48)
    v128.store(gradient + at, s4, 64)
    v128.store(gradient + at, s5, 80)
    v128.store(gradient + at, s6, 96)
    v128.store(gradient + at, s7, 112)
  }
  for (; at < bytes; at += 16) {
    let sum = f32x4.splat(0)
    for (let place = first; place < last; place += offsetof<Place>()) {
      const c = v128.load32_splat(coefficients + (load<u32>(place) << 2))
      sum = f32x4.add(sum, f32x4.mul(c, v128.load(snapshots + load<u32>(place, 4) * rowBytes + at)))
    }
    v128.store(gradient + at, sum)
  }
}
