import { fileURLToPath } from 'node:url'
import type { Peer } from '../../src/peers/peer.ts'

const SCRIPT = fileURLToPath(new URL('fakePeer.mjs', import.meta.url))

export interface FakePeer {
  readonly name: string
  readonly threads?: number
  readonly stepsPerEpoch?: number
  readonly secondsPerStep?: number
  /** 0 for a library that samples in its steps. */
  readonly samplingSecondsPerStep?: number
}

/** A peer that answers as if it trained. */
export function fakePeer(options: FakePeer): Peer {
  const { name, threads, stepsPerEpoch = 100, secondsPerStep = 0.01, samplingSecondsPerStep = 0 } = options
  const numbers = [stepsPerEpoch, secondsPerStep, samplingSecondsPerStep].map(String)
  return {
    ...failingPeer(name),
    label: threads === undefined ? name : `${name} ${threads}`,
    ...(threads !== undefined && { threads }),
    command: [process.execPath, SCRIPT, ...numbers],
  }
}

/** A peer whose library is not there. */
export function failingPeer(name: string): Peer {
  const program =
    "console.error('Traceback:\\n  line 1\\nModuleNotFoundError: No module named torch\\n'); process.exit(1)"
  return {
    library: 'PyTorch',
    name,
    label: name,
    model: 'mf',
    optimizer: 'Adam',
    command: [process.execPath, '-e', program],
    environment: {},
    install: 'pip install torch',
  }
}
