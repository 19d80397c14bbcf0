import { execFileSync } from 'node:child_process'

/** The commit that a measurement is of, with `-dirty` where the working tree differs; `unknown` outside a checkout. */
export function currentCommit() {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty', '--abbrev=40'], { encoding: 'utf8' }).trim()
  } catch {
    return 'unknown'
  }
}
