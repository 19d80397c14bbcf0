import type { AdapterDescription } from '@gradrec/kernels'
import { expect, test } from 'vitest'
import { adapterChoice, adapterWanted, fitting } from '../../src/bundle/onMachine/adapterWanted.ts'
import { benchArguments, bundleFolders, isForCpuAlone } from '../../src/bundle/onMachine/programs.ts'

const LLVMPIPE = adapter('llvmpipe (LLVM 19)', 'mesa', 'software')
const IRIS = adapter('Intel Iris', 'intel', 'hardware')
const H200 = adapter('NVIDIA H200', 'nvidia', 'hardware')

function adapter(name: string, vendor: string, kind: AdapterDescription['kind']): AdapterDescription {
  return { name, vendor, kind, architecture: '', features: [], limits: {} }
}

test('without a word, only NVIDIA hardware will do', () => {
  const wanted = { kind: 'nvidia' } as const
  expect(adapterWanted(['table4', '--quick'])).toEqual({ wanted, rest: ['table4', '--quick'] })
  expect(fitting(wanted, [LLVMPIPE, IRIS, H200])).toBe(H200)
  expect(fitting(wanted, [LLVMPIPE])).toBeUndefined()
  expect(fitting(wanted, [IRIS, LLVMPIPE])).toBeUndefined()
  expect(fitting(wanted, [{ ...H200, kind: 'software' }])).toBeUndefined()
  expect(fitting(wanted, [{ ...LLVMPIPE, name: 'llvmpipe on an NVIDIA server' }])).toBeUndefined()
  expect(fitting(wanted, [])).toBeUndefined()
})

test.each([[['--adapter', 'LLVM']], [['--adapter=LLVM']]])('%j takes an adapter by its name', (flags) => {
  const parsed = adapterWanted([...flags, '--quick'])
  if ('error' in parsed) throw new Error(parsed.error)
  expect(parsed.rest).toEqual(['--quick'])
  expect(fitting(parsed.wanted, [H200, LLVMPIPE])).toBe(LLVMPIPE)
  expect(fitting(parsed.wanted, [H200])).toBeUndefined()
  expect(adapterChoice(parsed.wanted)).toBe('LLVM')
})

test('--any-adapter takes the first; an adapter without a name is refused', () => {
  const any = adapterWanted(['--any-adapter'])
  expect(any).toEqual({ wanted: { kind: 'any' }, rest: [] })
  expect(fitting({ kind: 'any' }, [LLVMPIPE, H200])).toBe(LLVMPIPE)
  for (const args of [['--adapter'], ['--adapter='], ['--adapter', '--quick']]) {
    expect(adapterWanted(args)).toHaveProperty('error')
  }
})

test('the benchmark gets the adapter that was checked, and the bundle’s folder for results', () => {
  const folders = bundleFolders('/b')
  expect(benchArguments(['table4', '--quick'], { kind: 'nvidia' }, folders)).toEqual(
    'table4 --quick --engine webgpu --adapter nvidia --out /b/results'.split(' '),
  )
  const own = ['--engine', 'webgpu', '--out=elsewhere']
  expect(benchArguments(own, { kind: 'any' }, folders)).toEqual([...own, '--adapter', 'auto'])
  expect(isForCpuAlone('bench', ['--engine', 'wasm'])).toBe(true)
  expect(isForCpuAlone('test', ['--engine', 'wasm'])).toBe(false)
  expect(benchArguments(['--engine=wasm'], { kind: 'nvidia' }, folders)).toEqual([
    '--engine=wasm',
    '--out',
    '/b/results',
  ])
})
