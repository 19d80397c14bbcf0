import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { interleave, pairedRatio, summary, type Rounds } from '../interleave.ts'
import { PeerError, type Answers } from './messages.ts'
import type { Peer } from './peer.ts'
import { PeerProcess } from './peerProcess.ts'

/** How long is measured, and how far is trained. */
export interface PeerEffort {
  readonly rounds: number
  /** Seconds that a round of one peer may take. */
  readonly secondsPerRound: number
  /** Epochs that those who are judged train in all, their rounds among them; 0 for no one. */
  readonly epochs: number
  /** Seconds that the rest of these epochs may take a peer; else it is not judged. */
  readonly trainingLimit: number
}

export interface MeasuredPeer extends Omit<Peer, 'command' | 'environment' | 'install'> {
  readonly versions: Readonly<Record<string, string>>
  /** Steps that one round took. For implicit, whose fit trains whole epochs, a step is an epoch. */
  readonly stepsPerRound: number
  /** With drawing them. */
  readonly triplesPerSecond: Rounds
  /** Of prepared triples; left out where drawing cannot be taken apart. */
  readonly preparedTriplesPerSecond?: Rounds
  /** Triples per second of the first peer divided by this one's, by rounds. */
  readonly firstIsFasterBy: number
  readonly epochs?: number
  /** Recall@20 on the validation part after these epochs. */
  readonly recall?: number
  /** Why there is no recall though it was wanted. */
  readonly notJudged?: string
  readonly peakBytes: number
}

/** A peer, or all of a library, that could not be measured. */
export interface SkippedPeer {
  readonly label: string
  readonly why: string
  readonly install?: string
}

export interface MeasureOptions {
  readonly effort: PeerEffort
  /** A folder for what peers leave behind. */
  readonly folder: string
  /** The recall of the vectors in a folder. */
  readonly recall: (folder: string) => Promise<number>
  /** Called with a text when something has been done; throws to stop. */
  readonly progress: (text: string) => void
}

interface Runner {
  readonly process: PeerProcess
  readonly stepsPerRound: number
  /** Steps done. */
  done: number
  secondsPerStep: number
  /** Triples per second of every round without drawing them. */
  readonly prepared: number[]
  peakBytes: number
}

/**
 * Measures peers in turns, each in a process of its own, which is idle while others work. Each, on as many threads as
 * suited it best, is then trained to the end and judged.
 */
export async function measurePeers(
  peers: readonly Peer[],
  options: MeasureOptions,
): Promise<{ readonly measured: readonly MeasuredPeer[]; readonly skipped: readonly SkippedPeer[] }> {
  const { effort, progress } = options
  const skipped: SkippedPeer[] = []
  const runners: Runner[] = []
  const processes: PeerProcess[] = []
  try {
    for (const peer of peers) {
      progress(`${peer.label}: starting`)
      try {
        const process = await PeerProcess.start(peer)
        processes.push(process)
        runners.push(await warmUp(process, effort))
      } catch (error) {
        if (!(error instanceof PeerError)) throw error
        const { label, install } = peer
        skipped.push({ label, why: error.message, ...(install !== undefined && { install }) })
      }
    }
    const sides = Object.fromEntries(runners.map((runner) => [runner.process.peer.label, () => measureRound(runner)]))
    const rounds = await interleave(sides, effort.rounds, (label, round) =>
      progress(`round ${round + 1} of ${effort.rounds}: ${label}`),
    )
    const measured: MeasuredPeer[] = []
    for (const runner of runners) {
      const judgement = isJudged(runner, runners, rounds) ? await judged(runner, options) : {}
      measured.push({ ...rates(runner, runners[0] ?? runner, rounds), ...judgement, peakBytes: runner.peakBytes })
    }
    return { measured, skipped }
  } finally {
    for (const process of processes) process.close()
  }
}

async function warmUp(process: PeerProcess, { rounds, secondsPerRound, epochs }: PeerEffort): Promise<Runner> {
  const { stepsPerEpoch, stepsAtOnce } = process.ready
  // A library that trains epochs only has none to spare for a second look.
  const looks = stepsPerEpoch === 1 ? 1 : 2
  const unit = Math.min(stepsAtOnce, stepsPerEpoch)
  let last = await process.steps(unit)
  for (let look = 1; look < looks; look++) last = await process.steps(unit)
  const done = looks * unit
  const secondsPerStep = secondsOf(last) / unit
  const wholeUnits = (steps: number): number => Math.max(unit, Math.floor(steps / unit) * unit)
  const affordable = wholeUnits(secondsPerRound / secondsPerStep)
  // Rounds are part of the epochs that are trained.
  const left = epochs === 0 ? stepsPerEpoch : wholeUnits((epochs * stepsPerEpoch - done) / rounds)
  const stepsPerRound = Math.min(affordable, left)
  return { process, stepsPerRound, done, secondsPerStep, prepared: [], peakBytes: last.peakBytes }
}

/** One round of a peer: triples per second, with drawing them. */
async function measureRound(runner: Runner): Promise<number> {
  const answer = await train(runner, runner.stepsPerRound)
  if (answer.samplingSeconds !== undefined) runner.prepared.push(answer.triples / answer.seconds)
  return answer.triples / secondsOf(answer)
}

async function train(runner: Runner, steps: number): Promise<Answers['trained']> {
  const answer = await runner.process.steps(steps)
  runner.done += steps
  runner.peakBytes = answer.peakBytes
  runner.secondsPerStep = secondsOf(answer) / steps
  return answer
}

function secondsOf({ seconds, samplingSeconds = 0 }: Answers['trained']): number {
  return seconds + samplingSeconds
}

function rates(
  { process: { peer, ready }, stepsPerRound, prepared }: Runner,
  first: Runner,
  rounds: Readonly<Record<string, Rounds>>,
): Omit<MeasuredPeer, 'peakBytes'> {
  const [own, base] = [rounds[peer.label], rounds[first.process.peer.label]]
  if (own === undefined || base === undefined) throw new PeerError(`${peer.label} was not measured`)
  const { command: _command, environment: _environment, install: _install, ...facts } = peer
  return {
    ...facts,
    versions: ready.versions,
    stepsPerRound,
    triplesPerSecond: own,
    ...(prepared.length > 0 && { preparedTriplesPerSecond: summary(prepared) }),
    firstIsFasterBy: pairedRatio(base, own),
  }
}

/** Threads do not change what is learned (with implicit, hardly), so the number of them that was fastest trains for all. */
function isJudged(runner: Runner, runners: readonly Runner[], rounds: Readonly<Record<string, Rounds>>): boolean {
  const speedOf = ({ process: { peer } }: Runner): number => rounds[peer.label]?.median ?? 0
  const alike = runners.filter(({ process: { peer } }) => peer.name === runner.process.peer.name)
  return alike.every((other) => speedOf(other) <= speedOf(runner))
}

async function judged(
  runner: Runner,
  { effort, folder, recall, progress }: MeasureOptions,
): Promise<Pick<MeasuredPeer, 'epochs' | 'recall' | 'notJudged'>> {
  const { epochs, trainingLimit } = effort
  if (epochs === 0) return {}
  const { peer, ready } = runner.process
  const total = epochs * ready.stepsPerEpoch
  let spent = 0
  while (runner.done < total) {
    // Judged anew after every round: a machine can become busy.
    const predicted = spent + (total - runner.done) * runner.secondsPerStep
    if (predicted > trainingLimit) {
      return { notJudged: `the rest of ${epochs} epochs would have taken ${(predicted / 60).toFixed(1)} minutes` }
    }
    const steps = Math.min(total - runner.done, runner.stepsPerRound)
    await train(runner, steps)
    spent += steps * runner.secondsPerStep
    progress(`${peer.label}: step ${runner.done} of ${total}`)
  }
  const vectors = await mkdtemp(join(folder, 'vectors-'))
  try {
    const { peakBytes } = await runner.process.save(vectors)
    runner.peakBytes = peakBytes
    return { epochs, recall: await recall(vectors) }
  } finally {
    await rm(vectors, { recursive: true })
  }
}
