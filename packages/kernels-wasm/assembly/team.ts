// The threads that work on a job together. Work is handed out by a counter, so that a slow or busy core only takes less of
// it; who computes what never changes the result, because everything that is computed has one writer and a fixed order of
// sums. A phase ends at a barrier.
//
// The team's words lie 64 bytes apart, so that no two share a cache line.

/** The counter of pieces handed out in this phase. */
const NEXT: usize = 0
/** The same for a phase's second kind of work. */
const NEXT_SECOND: usize = 256
/** And a third. */
const NEXT_THIRD: usize = 320
/** Threads that have reached the barrier. */
const ARRIVED: usize = 64
/** Barriers passed. */
const GENERATION: usize = 128
/** 1 once a thread has failed: the others must not wait for it. */
const BROKEN: usize = 192
/** Bytes of them all. */
const BYTES: u32 = 384

/** Looks at the barrier before a thread goes to sleep: some ten microseconds, the time of a few pieces of work. */
const SPINS: i32 = 20_000
/** Sleeping threads look again after a millisecond; an endless wait was seen to miss its wake-up in Node 20. */
const NAP: i64 = 1_000_000

let team: usize = 0
let threads: u32 = 1
/** Number of this thread in the team, from 0. Each thread has its own instance of this module, and so its own globals. */
export let me: u32 = 0

export function teamBytes(): u32 {
  return BYTES
}

export function joinTeam(address: usize, count: u32, number: u32): void {
  team = address
  threads = count
  me = number
}

/** Takes the next piece of this phase's work: 0, 1, 2, … over all threads. */
@inline
export function nextPiece(): u32 {
  return take(team + NEXT)
}

/** Takes the next piece of the phase's second kind of work. */
@inline
export function nextSecondPiece(): u32 {
  return take(team + NEXT_SECOND)
}

/** Takes the next piece of the phase's third kind of work. */
@inline
export function nextThirdPiece(): u32 {
  return take(team + NEXT_THIRD)
}

@inline
function take(counter: usize): u32 {
  if (ASC_FEATURE_THREADS) return atomic.add<u32>(counter, 1)
  const piece = load<u32>(counter)
  store<u32>(counter, piece + 1)
  return piece
}

/** Ends a phase: returns when every thread has got here, with the counters of pieces back at 0. */
export function barrier(): void {
  if (ASC_FEATURE_THREADS) {
    if (threads > 1) {
      waitForAll()
      return
    }
  }
  store<u32>(team + NEXT, 0)
  store<u32>(team + NEXT_SECOND, 0)
  store<u32>(team + NEXT_THIRD, 0)
}

function waitForAll(): void {
  const generation = atomic.load<u32>(team + GENERATION)
  if (atomic.add<u32>(team + ARRIVED, 1) === threads - 1) {
    atomic.store<u32>(team + ARRIVED, 0)
    atomic.store<u32>(team + NEXT, 0)
    atomic.store<u32>(team + NEXT_SECOND, 0)
    atomic.store<u32>(team + NEXT_THIRD, 0)
    atomic.store<u32>(team + GENERATION, generation + 1)
    atomic.notify(team + GENERATION, -1)
    return
  }
  for (let spin = 0; spin < SPINS; spin++) {
    if (atomic.load<u32>(team + GENERATION) !== generation) return
  }
  while (atomic.load<u32>(team + GENERATION) === generation) {
    if (atomic.load<u32>(team + BROKEN) !== 0) unreachable()
    atomic.wait<i32>(team + GENERATION, generation, NAP)
  }
}

/** Tells the others not to wait at the barrier any more. */
export function breakTeam(address: usize): void {
  if (ASC_FEATURE_THREADS) atomic.store<u32>(address + BROKEN, 1)
}
