import { philox4x32, Stream, type Key } from './philox.ts'

/** A share of dropped numbers in the 2^16 steps that draws are compared in. */
export function dropoutThreshold(dropout: number): number {
  return Math.round(dropout * 65536)
}

/** What numbers that are kept grow by, so that their mean stays: 1 / (1 − share dropped). */
export function dropoutScale(dropout: number): number {
  return 65536 / (65536 - dropoutThreshold(dropout))
}

/**
 * Whether dropout keeps number `element` of a node's row after layer `layer` (1 and up) in step `step`: a 16-bit draw that is at
 * least the threshold. One Philox block, counter (step, node, 64 · layer + ⌊element / 8⌋), gives eight draws: the low, then the
 * high half of its four words.
 */
export function isKept(
  step: number,
  node: number,
  layer: number,
  element: number,
  threshold: number,
  key: Key,
): boolean {
  const words = philox4x32([step, node, 64 * layer + (element >>> 3), Stream.dropout], key)
  const within = element & 7
  const draw = (words[within >> 1]! >>> (16 * (within & 1))) & 0xffff
  return draw >= threshold
}
