import type { Part } from './part.ts'
import { peers } from './peers/peers.ts'
import { roofline } from './roofline/roofline.ts'
import { scale } from './scale/scale.ts'
import { tableFour } from './tableFour/tableFour.ts'

/** Every part of the benchmark, in the order in which they run. */
export const PARTS: readonly Part[] = [tableFour, roofline, scale, peers]
