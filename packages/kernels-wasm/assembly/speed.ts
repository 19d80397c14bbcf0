// What the machine can do at best from here: the measures that a step's phases are held against.
import { joinTeam, me } from './team'

/** What the host tells the kernels about a measurement. */
@unmanaged
export class SpeedBlock {
  /** Of a copy: where from and where to. */
  original: usize
  duplicate: usize
  /** A multiple of 128. */
  bytes: u32
  /** Of arithmetic: where each thread leaves its result, 64 bytes apart. */
  results: usize
  /** How often it is done. */
  repeats: u32

  threads: u32
  team: usize
}

/** Bytes in one round of the copying loop. */
const STRIDE: u32 = 128

/** Copies `bytes` as often as wanted, every thread its own share of them. */
export function copyRepeatedly(address: usize, thread: u32): void {
  const speed = changetype<SpeedBlock>(address)
  joinTeam(speed.team, speed.threads, thread)
  const strides = speed.bytes / STRIDE
  const first = <u32>((<u64>strides * me) / speed.threads) * STRIDE
  const end = <u32>((<u64>strides * (me + 1)) / speed.threads) * STRIDE
  const from = speed.original
  const to = speed.duplicate
  for (let repeat: u32 = 0; repeat < speed.repeats; repeat++) {
    for (let at: usize = first; at < end; at += STRIDE) {
      v128.store(to + at, v128.load(from + at))
      v128.store(to + at, v128.load(from + at, 16), 16)
      v128.store(to + at, v128.load(from + at, 32), 32)
      v128.store(to + at, v128.load(from + at, 48), 48)
      v128.store(to + at, v128.load(from + at, 64), 64)
      v128.store(to + at, v128.load(from + at, 80), 80)
      v128.store(to + at, v128.load(from + at, 96), 96)
      v128.store(to + at, v128.load(from + at, 112), 112)
    }
  }
}

/**
 * `repeats` times 80 operations in every thread: x ← a x + b for ten vectors at once, so that none waits for another. WebAssembly has no fused
 * multiply-add that gives the same bits everywhere, so that a kernel cannot do better.
 */
export function multiplyAdd(address: usize, thread: u32): void {
  const speed = changetype<SpeedBlock>(address)
  joinTeam(speed.team, speed.threads, thread)
  const a = f32x4.splat(0.5)
  const b = f32x4.splat(<f32>(thread + 1))
  let x0 = f32x4(1, 2, 3, 4)
  let x1 = f32x4.add(x0, b)
  let x2 = f32x4.add(x1, b)
  let x3 = f32x4.add(x2, b)
  let x4 = f32x4.add(x3, b)
  let x5 = f32x4.add(x4, b)
  let x6 = f32x4.add(x5, b)
  let x7 = f32x4.add(x6, b)
  let x8 = f32x4.add(x7, b)
  let x9 = f32x4.add(x8, b)
  for (let repeat: u32 = 0; repeat < speed.repeats; repeat++) {
    x0 = f32x4.add(f32x4.mul(a, x0), b)
    x1 = f32x4.add(f32x4.mul(a, x1), b)
    x2 = f32x4.add(f32x4.mul(a, x2), b)
    x3 = f32x4.add(f32x4.mul(a, x3), b)
    x4 = f32x4.add(f32x4.mul(a, x4), b)
    x5 = f32x4.add(f32x4.mul(a, x5), b)
    x6 = f32x4.add(f32x4.mul(a, x6), b)
    x7 = f32x4.add(f32x4.mul(a, x7), b)
    x8 = f32x4.add(f32x4.mul(a, x8), b)
    x9 = f32x4.add(f32x4.mul(a, x9), b)
  }
  const low = f32x4.add(f32x4.add(f32x4.add(x0, x1), f32x4.add(x2, x3)), x4)
  const high = f32x4.add(f32x4.add(f32x4.add(x5, x6), f32x4.add(x7, x8)), x9)
  v128.store(speed.results + (me << 6), f32x4.add(low, high))
}
