import { metricLabel, type MetricKey, type ProgressEvent, type StartEvent, type TrainEvent } from '@gradrec/core'
import { formatBytes } from '@gradrec/engine'
import { count, duration, short } from './formatNumbers.ts'
import { describeStrength } from './describeDials.ts'
import type { Output } from './output.ts'

/** Shows a run's events to a person. */
export class TrainDisplay {
  private readonly output: Output
  private readonly now: () => number
  private start: StartEvent | undefined
  private began = 0
  private lastLoss = Number.NaN

  /** @param now milliseconds */
  constructor(output: Output, now: () => number) {
    this.output = output
    this.now = now
  }

  show(event: TrainEvent): void {
    switch (event.type) {
      case 'start':
        this.start = event
        this.began = this.now()
        this.output.fact('memory', `${formatBytes(event.memoryBytes)} on the engine`)
        this.output.fact('training', describeStart(event))
        return
      case 'repair':
        this.output.fact('repaired', event.message)
        return
      case 'progress':
        this.output.live(this.liveLine(event))
        return
      case 'epoch':
        this.lastLoss = event.loss
        return
      case 'validation': {
        const strength = describeStrength(event.dials)
        const metrics = `${describeMetrics(event.metrics)}${strength === '' ? '' : ` at ${strength}`}`
        const best = event.best ? ' · best so far' : ''
        this.output.log(`epoch ${count(event.epoch)} · loss ${this.lastLoss.toFixed(4)} · validation ${metrics}${best}`)
        return
      }
      case 'checkpoint':
        return
      case 'stop':
        this.output.fact('stopped', this.stopLine(event.reason, event.epochs, event.bestEpoch))
    }
  }

  private liveLine({ epoch, step, stepsPerEpoch, loss, triplesPerSecond }: ProgressEvent): string {
    const epochs = this.start?.epochs ?? epoch
    const before = this.start?.resumedFrom ?? 0
    const share = (epoch - 1 - before + step / stepsPerEpoch) / (epochs - before)
    const elapsed = (this.now() - this.began) / 1000
    // An upper bound: patience may end the run earlier.
    const left = duration((elapsed * (1 - share)) / share)
    const done = Math.floor((100 * step) / stepsPerEpoch)
    return (
      `epoch ${count(epoch)}/${count(epochs)} ${String(done).padStart(3)} % · loss ${loss.toFixed(4)} · ` +
      `${short(triplesPerSecond)} triples/s · ≤ ${left} left`
    )
  }

  private stopLine(reason: string, epochs: number, bestEpoch: number): string {
    const why: Record<string, string> = {
      epochs: `after all ${count(epochs)} epochs`,
      patience: `after epoch ${count(epochs)}, since validation got no better`,
      aborted: `on request, after ${count(epochs)} whole epochs`,
    }
    const took = duration((this.now() - this.began) / 1000)
    return `${why[reason] ?? reason} (${took}); the model kept is that of epoch ${count(bestEpoch)}`
  }
}

function describeStart({ parameters, epochs, stepsPerEpoch, resumedFrom }: StartEvent): string {
  const which =
    resumedFrom === 0
      ? `up to ${count(epochs)} epochs`
      : `epochs ${count(resumedFrom + 1)} to ${count(epochs)} at most,`
  return `${count(parameters)} parameters, ${which} of ${count(stepsPerEpoch)} steps`
}

/** `Recall@20 0.1234, HR@20 0.5678`. */
export function describeMetrics(metrics: Readonly<Record<MetricKey, number>>): string {
  return Object.entries(metrics)
    .map(([key, value]) => `${metricLabel(key as MetricKey)} ${value.toFixed(4)}`)
    .join(', ')
}
