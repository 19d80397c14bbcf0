// Scores of a tile of users and items. Items come in panels of eight, transposed, so that a vector holds the same coordinate
// of four items and a score needs no sum over lanes:
//
//     for user of 4: for item of 8: for f: score[user][item] += users[user][f] · panel[f][item]
//
// Eight vectors of sums stay in registers over all coordinates.

/** Items of a panel. */
export const PANEL: u32 = 8

/** Lays out items panel · 8 … as [dimension][8]; places beyond the last item are zero. */
export function packPanel(itemVectors: usize, items: u32, dimension: u32, panel: u32, panels: usize): void {
  const out = panels + ((panel * PANEL * dimension) << 2)
  for (let lane: u32 = 0; lane < PANEL; lane++) {
    const item = panel * PANEL + lane
    const from = itemVectors + ((item * dimension) << 2)
    for (let f: u32 = 0; f < dimension; f++) {
      store<f32>(out + ((f * PANEL + lane) << 2), item < items ? load<f32>(from + (f << 2)) : 0)
    }
  }
}

/** Scores of four users for one panel; their rows of scores are `stride` bytes apart. */
export function scoreFour(
  user0: usize,
  user1: usize,
  user2: usize,
  user3: usize,
  panel: usize,
  dimension: u32,
  scores: usize,
  stride: usize,
): void {
  let s00 = f32x4.splat(0)
  let s01 = f32x4.splat(0)
  let s10 = f32x4.splat(0)
  let s11 = f32x4.splat(0)
  let s20 = f32x4.splat(0)
  let s21 = f32x4.splat(0)
  let s30 = f32x4.splat(0)
  let s31 = f32x4.splat(0)
  const bytes = dimension << 2
  for (let f: usize = 0; f < bytes; f += 4) {
    const items0 = v128.load(panel)
    const items1 = v128.load(panel, 16)
    panel += 32
    const u0 = v128.load32_splat(user0 + f)
    s00 = f32x4.add(s00, f32x4.mul(u0, items0))
    s01 = f32x4.add(s01, f32x4.mul(u0, items1))
    const u1 = v128.load32_splat(user1 + f)
    s10 = f32x4.add(s10, f32x4.mul(u1, items0))
    s11 = f32x4.add(s11, f32x4.mul(u1, items1))
    const u2 = v128.load32_splat(user2 + f)
    s20 = f32x4.add(s20, f32x4.mul(u2, items0))
    s21 = f32x4.add(s21, f32x4.mul(u2, items1))
    const u3 = v128.load32_splat(user3 + f)
    s30 = f32x4.add(s30, f32x4.mul(u3, items0))
    s31 = f32x4.add(s31, f32x4.mul(u3, items1))
  }
  v128.store(scores, s00)
  v128.store(scores, s01, 16)
  scores += stride
  v128.store(scores, s10)
  v128.store(scores, s11, 16)
  scores += stride
  v128.store(scores, s20)
  v128.store(scores, s21, 16)
  scores += stride
  v128.store(scores, s30)
  v128.store(scores, s31, 16)
}
