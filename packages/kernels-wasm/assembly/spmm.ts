// Propagation over sparse rows needs one sum, Σ x[index] over a list of row numbers, in the order of the list:
//
//     for index of list: for v: sum[v] += x[index][v]
//
// It is done for a block of columns at a time, eight vectors that stay in registers over the whole list. Callers go through
// all rows for one block before the next: the part of x that a block reads is small enough to stay in the cache.

/** Bytes of a block of columns. */
export const BLOCK: usize = 128

/**
 * @param first address of the list, `last` of its end
 * @param x the block's first column in row 0
 * @param bytes of the block: `BLOCK`, or fewer at the end of a row
 */
export function sumRows(first: usize, last: usize, x: usize, rowBytes: usize, sum: usize, bytes: usize): void {
  if (bytes === BLOCK) {
    sumWholeBlock(first, last, x, rowBytes, sum)
    return
  }
  for (let at: usize = 0; at < bytes; at += 16) {
    let s = f32x4.splat(0)
    for (let index = first; index < last; index += 4) s = f32x4.add(s, v128.load(x + load<u32>(index) * rowBytes + at))
    v128.store(sum + at, s)
  }
}

/** The same on top of what is in `sum`. */
export function addRows(first: usize, last: usize, x: usize, rowBytes: usize, sum: usize, bytes: usize): void {
  if (bytes === BLOCK) {
    addWholeBlock(first, last, x, rowBytes, sum)
    return
  }
  for (let at: usize = 0; at < bytes; at += 16) {
    let s = v128.load(sum + at)
    for (let index = first; index < last; index += 4) s = f32x4.add(s, v128.load(x + load<u32>(index) * rowBytes + at))
    v128.store(sum + at, s)
  }
}

@inline
function sumWholeBlock(first: usize, last: usize, x: usize, rowBytes: usize, sum: usize): void {
  const zero = f32x4.splat(0)
  addToVectors(first, last, x, rowBytes, sum, zero, zero, zero, zero, zero, zero, zero, zero)
}

@inline
function addWholeBlock(first: usize, last: usize, x: usize, rowBytes: usize, sum: usize): void {
  addToVectors(
    first,
    last,
    x,
    rowBytes,
    sum,
    v128.load(sum),
    v128.load(sum, 16),
    v128.load(sum, 32),
    v128.load(sum, 48),
    v128.load(sum, 64),
    v128.load(sum, 80),
    v128.load(sum, 96),
    v128.load(sum, 112),
  )
}

@inline
function addToVectors(
  first: usize,
  last: usize,
  x: usize,
  rowBytes: usize,
  sum: usize,
  s0: v128,
  s1: v128,
  s2: v128,
  s3: v128,
  s4: v128,
  s5: v128,
  s6: v128,
  s7: v128,
): void {
  for (let index = first; index < last; index += 4) {
    const from = x + load<u32>(index) * rowBytes
    s0 = f32x4.add(s0, v128.load(from))
    s1 = f32x4.add(s1, v128.load(from, 16))
    s2 = f32x4.add(s2, v128.load(from, 32))
    s3 = f32x4.add(s3, v128.load(from, 48))
    s4 = f32x4.add(s4, v128.load(from, 64))
    s5 = f32x4.add(s5, v128.load(from, 80))
    s6 = f32x4.add(s6, v128.load(from, 96))
    s7 = f32x4.add(s7, v128.load(from, 112))
  }
  v128.store(sum, s0)
  v128.store(sum, s1, 16)
  v128.store(sum, s2, 32)
  v128.store(sum, s3, 48)
  v128.store(sum, s4, 64)
  v128.store(sum, s5, 80)
  v128.store(sum, s6, 96)
  v128.store(sum, s7, 112)
}

/** out = factor · (base + scale · out) over `bytes`; no base where `base` is 0. */
export function finishRow(out: usize, base: usize, scale: f32, factor: f32, bytes: usize): void {
  const scale4 = f32x4.splat(scale)
  const factor4 = f32x4.splat(factor)
  for (let at: usize = 0; at < bytes; at += 16) {
    const from = base === 0 ? f32x4.splat(0) : v128.load(base + at)
    v128.store(out + at, f32x4.mul(factor4, f32x4.add(from, f32x4.mul(scale4, v128.load(out + at)))))
  }
}

/** out = scale · x over `bytes`. */
export function scaleRow(out: usize, x: usize, scale: f32, bytes: usize): void {
  const scale4 = f32x4.splat(scale)
  for (let at: usize = 0; at < bytes; at += 16) v128.store(out + at, f32x4.mul(scale4, v128.load(x + at)))
}

/** out += weight · x over `bytes`. */
@inline
export function addRow(out: usize, weight: f32, x: usize, bytes: usize): void {
  const weight4 = f32x4.splat(weight)
  for (let at: usize = 0; at < bytes; at += 16) {
    v128.store(out + at, f32x4.add(v128.load(out + at), f32x4.mul(weight4, v128.load(x + at))))
  }
}
