import { parseArgs, type ArgsDef } from 'citty'
import { UsageError } from '../errors.ts'
import { nearestName } from '../nearestName.ts'

/** What the command line says, by the flag's name without dashes; flags it does not name are absent. */
export type Flags = ReadonlyMap<string, string | boolean>

/**
 * Parses a command's flags, after refusing the ones it does not have: the parser itself lets every flag pass.
 *
 * @param command how the command is called, for messages: `gradrec train`
 */
export function parseFlags(argv: readonly string[], args: ArgsDef, command: string): Flags {
  const wordsAllowed = Object.values(args).filter((definition) => definition.type === 'positional').length
  let words = 0
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? ''
    if (!word.startsWith('-') || word === '-') {
      if (++words <= wordsAllowed) continue
      const takes = wordsAllowed === 0 ? 'takes flags only' : 'takes one word beside its flags'
      throw new UsageError(`"${word}" stands alone; ${command} ${takes}: see ${command} --help`)
    }
    const [flag = '', attached] = splitOnce(word, '=')
    const name = flag.replace(/^--/, '')
    const definition = args[name]
    if (definition === undefined || definition.type === 'positional') {
      const switchedOff = args[name.replace(/^no-/, '')]
      if (switchedOff?.type === 'boolean' && attached === undefined) continue
      throw unknownFlag(flag, name, Object.keys(args), command)
    }
    if (definition.type === 'boolean') {
      if (attached === undefined || attached === 'true' || attached === 'false') continue
      throw new UsageError(`${flag} is "${attached}"; expected no value, true or false`)
    }
    if (attached === undefined && ++at >= argv.length) {
      throw new UsageError(`${flag} lacks its value; expected ${flag} <${definition.valueHint ?? 'value'}>`)
    }
  }
  const parsed = parseArgs([...argv], args)
  return new Map(
    Object.keys(args).flatMap((name) => {
      const value = parsed[name]
      return typeof value === 'string' || typeof value === 'boolean' ? [[name, value]] : []
    }),
  )
}

function unknownFlag(flag: string, name: string, known: readonly string[], command: string): UsageError {
  const nearest = nearestName(name.replace(/^-+/, ''), known)
  const advice = nearest === undefined ? `see ${command} --help` : `did you mean --${nearest}?`
  return new UsageError(`${flag} is not a flag of ${command}; ${advice}`)
}

function splitOnce(word: string, mark: string): [string, string | undefined] {
  const at = word.indexOf(mark)
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)]
}
