import { UsageError } from '@gradrec/cli'
import type { BenchContext } from './part.ts'

/** The names that a flag lists, separated by commas; all of them without the flag. @throws UsageError for one that is not among `all` */
export function chosen<Name extends string>(
  { flags }: Pick<BenchContext, 'flags'>,
  flag: string,
  all: readonly Name[],
): readonly Name[] {
  const text = flags.get(flag)
  if (typeof text !== 'string' || text === '') return all
  return text.split(',').map((word) => {
    const name = all.find((each) => each === word.trim())
    if (name === undefined)
      throw new UsageError(`--${flag} names "${word.trim()}"; expected one or more of ${all.join(', ')}`)
    return name
  })
}
