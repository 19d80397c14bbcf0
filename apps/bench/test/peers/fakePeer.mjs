// A peer whose clock is made up: `node fakePeer.mjs STEPS_PER_EPOCH SECONDS_PER_STEP SAMPLING_SECONDS_PER_STEP`. Every step has 10 triples.
// What it saves as its users' vectors is how many steps it has done.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const [stepsPerEpoch, seconds, samplingSeconds] = process.argv.slice(2).map(Number)
let done = 0

const answer = (message) => process.stdout.write(`${JSON.stringify(message)}\n`)

process.stdout.write('Hello, this is a library that greets.\n')
answer({ ready: true, stepsPerEpoch, stepsAtOnce: 1, versions: { fake: '1.0.0' } })
for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line)
  if (request.steps === undefined) {
    writeFileSync(join(request.save, 'steps.json'), String(done))
    answer({ saved: true, peakBytes: 3000 })
    continue
  }
  done += request.steps
  answer({
    triples: 10 * request.steps,
    seconds: seconds * request.steps,
    ...(samplingSeconds > 0 && { samplingSeconds: samplingSeconds * request.steps }),
    peakBytes: 2000,
  })
}
