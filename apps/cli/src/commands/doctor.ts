import type { ArgsDef } from 'citty'
import type { AdapterDescription } from '@gradrec/kernels'
import type { Context } from '../context.ts'
import { describeDevice, openUsableEngine } from '../engine/openUsableEngine.ts'
import { ExitCode } from '../exitCode.ts'
import { count } from '../output/formatNumbers.ts'
import { versions, type Versions } from '../run/provenance.ts'
import { parseFlags } from '../settings/parseFlags.ts'
import { UsageError } from '../errors.ts'
import type { DeviceInfo } from '@gradrec/engine'

export const doctorArgs: ArgsDef = {
  adapter: { type: 'string', valueHint: 'auto|hardware|software|name', description: 'what to look for (auto)' },
  json: { type: 'boolean', description: 'print one JSON document on stdout' },
}

interface Diagnosis {
  readonly usable: boolean
  readonly versions: Versions
  readonly adapters: readonly AdapterDescription[]
  /** What training would use now. */
  readonly engine?: string
  readonly device?: DeviceInfo
  /** Why nothing can be used, and what to do. */
  readonly problem?: string
}

/** Limits that decide how large a model fits. */
const TELLING_LIMITS = ['maxBufferSize', 'maxStorageBufferBindingSize', 'maxComputeInvocationsPerWorkgroup'] as const

/** `gradrec doctor`. Resolves to 0 where something can be used, else 1. */
export async function doctor(argv: readonly string[], context: Context): Promise<number> {
  const flags = parseFlags(argv, doctorArgs, 'gradrec doctor')
  const adapter = flags.get('adapter') ?? 'auto'
  if (typeof adapter !== 'string' || adapter === '')
    throw new UsageError('--adapter lacks its value; see gradrec doctor --help')
  const about = { versions: await versions(), adapters: await context.machine.describeAdapters() }
  let diagnosis: Diagnosis
  try {
    // Opening proves more than a list does: a driver may be found and still not work.
    const opened = await openUsableEngine({ kind: 'auto', adapter }, context.machine)
    if (opened.kind === 'restarted') return opened.exitCode
    diagnosis = { usable: true, ...about, engine: opened.engine.name, device: opened.engine.device }
    await opened.engine.close()
  } catch (error) {
    diagnosis = { usable: false, ...about, problem: error instanceof Error ? error.message : String(error) }
  }
  const asked = flags.get('json') === true ? JSON.stringify(diagnosis, undefined, 2) : describe(diagnosis)
  context.stdout.write(`${asked}\n`)
  return diagnosis.usable ? ExitCode.ok : ExitCode.failed
}

function describe({ versions: found, adapters, engine, device, problem }: Diagnosis): string {
  const commit = found.commit === undefined ? '' : ` (${found.commit})`
  const lines = [
    `gradrec   ${found.gradrec}${commit}`,
    `node      ${found.node} on ${found.platform}`,
    `webgpu    ${found.webgpu ?? 'not installed'}`,
    ...adapters.flatMap(describeAdapter),
  ]
  if (adapters.length === 0) lines.push('adapter   none found')
  if (engine !== undefined && device !== undefined) lines.push(`would use ${describeDevice(engine, device)}`)
  if (problem !== undefined) lines.push(`problem   ${problem}`)
  return lines.join('\n')
}

function describeAdapter({ name, vendor, architecture, kind, features, limits }: AdapterDescription): string[] {
  const made = [vendor, architecture].filter((text) => text !== '').join(' ')
  const telling = TELLING_LIMITS.map(
    (limit) => `${limit} ${limits[limit] === undefined ? 'unknown' : count(limits[limit])}`,
  )
  return [
    `adapter   ${name}${made === '' ? '' : ` (${made})`}, ${kind}`,
    `          ${telling.join(', ')}`,
    `          ${features.length > 0 ? features.join(', ') : 'no optional features'}`,
  ]
}
