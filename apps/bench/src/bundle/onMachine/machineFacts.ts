import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { availableParallelism, cpus, release, totalmem } from 'node:os'

/** Facts on this machine, each a label and a text, for people and for result files. */
export function machineFacts(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const system = /PRETTY_NAME="?([^"\n]*)/.exec(textOf('/etc/os-release'))?.[1] ?? 'unknown Linux'
  const gpus = printedBy('nvidia-smi', ['--query-gpu=name,driver_version,memory.total', '--format=csv,noheader'])
  const module = textOf('/proc/driver/nvidia/version').split('\n')[0] ?? ''
  return {
    system: `${system}, kernel ${release()}, glibc ${glibcVersion()}`,
    node: process.version,
    processor: `${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores, ${(totalmem() / 2 ** 30).toFixed(1)} GiB`,
    'nvidia-smi': gpus === '' ? 'says nothing' : gpus.replaceAll('\n', '; '),
    'kernel module': module === '' ? 'no /proc/driver/nvidia/version' : module,
    NVIDIA_DRIVER_CAPABILITIES: environment['NVIDIA_DRIVER_CAPABILITIES'] ?? 'not set',
  }
}

function glibcVersion(): string {
  const report = process.report?.getReport() as { header?: { glibcVersionRuntime?: string } } | undefined
  return report?.header?.glibcVersionRuntime ?? 'unknown'
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function printedBy(program: string, args: readonly string[]): string {
  try {
    return execFileSync(program, args, {
      encoding: 'utf8',
      timeout: 20_000,
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  } catch {
    return ''
  }
}
