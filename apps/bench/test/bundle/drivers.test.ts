import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { diagnosis } from '../../src/bundle/onMachine/diagnosis.ts'
import { driverAttempts, manifestFor } from '../../src/bundle/onMachine/driverAttempts.ts'
import { driverFiles, type DriverFiles } from '../../src/bundle/onMachine/driverFiles.ts'

const NVIDIA = { kind: 'nvidia' } as const
const NOTHING: DriverFiles = { loader: undefined, manifests: [], libraries: [], unknownFolders: [], devices: [] }

const roots: string[] = []

afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true })
})

/** A machine with these files, by path, and nothing else. */
function machine(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'gradrec-machine-'))
  roots.push(root)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return root
}

describe('what is there', () => {
  test('of a driver that a cloud mounts under /usr/local/nvidia, beside a driver that runs on the CPU', () => {
    const root = machine({
      '/usr/local/nvidia/share/vulkan/icd.d/nvidia_icd.json': manifestFor('libGLX_nvidia.so.0'),
      '/usr/local/nvidia/lib64/libGLX_nvidia.so.0': '',
      '/usr/local/nvidia/lib64/libEGL_nvidia.so.0': '',
      '/usr/share/vulkan/icd.d/lvp_icd.json': manifestFor('libvulkan_lvp.so'),
      '/dev/nvidia0': '',
      '/dev/nvidiactl': '',
      '/dev/null': '',
    })
    const folder = join(root, '/usr/local/nvidia/lib64')
    expect(driverFiles({}, root, [])).toEqual({
      loader: undefined,
      manifests: [join(root, '/usr/local/nvidia/share/vulkan/icd.d/nvidia_icd.json')],
      libraries: [join(folder, 'libGLX_nvidia.so.0'), join(folder, 'libEGL_nvidia.so.0')],
      unknownFolders: [folder],
      devices: ['/dev/nvidia0', '/dev/nvidiactl'],
    })
  })

  test.each(['LD_LIBRARY_PATH', 'the cache'])('libraries that the linker knows through %s need no help', (how) => {
    const root = machine({ '/opt/gpu/libGLX_nvidia.so.0': '', '/opt/gpu/libvulkan.so.1': '' })
    const folder = join(root, 'opt', 'gpu')
    const [driver, loader] = [join(folder, 'libGLX_nvidia.so.0'), join(folder, 'libvulkan.so.1')]
    const found =
      how === 'the cache'
        ? driverFiles({}, root, [driver, loader])
        : driverFiles({ LD_LIBRARY_PATH: `:${folder}` }, root, [])
    expect(found).toMatchObject({ loader, libraries: [driver], unknownFolders: [] })
  })

  test('a manifest in a user’s own folder is found by what it names, and rubbish is not', () => {
    const root = machine({
      '/me/.config/vulkan/icd.d/mine.json': manifestFor('/opt/libGLX_nvidia.so.0'),
      '/me/.config/vulkan/icd.d/nvidia.json': 'not JSON at all',
      '/me/.config/vulkan/icd.d/notes.txt': manifestFor('libGLX_nvidia.so.0'),
    })
    const { manifests } = driverFiles({ HOME: '/me' }, root, [])
    expect(manifests).toEqual([join(root, '/me/.config/vulkan/icd.d/mine.json')])
  })

  test('of nothing, nothing', () => {
    expect(driverFiles({}, machine({}), [])).toEqual(NOTHING)
  })
})

describe('what is tried', () => {
  const written: string[] = []
  const options = {
    environment: {},
    ownLoader: '/bundle/vulkan',
    writeManifest: (library: string): string => {
      written.push(library)
      return `/tmp/${library.split('/').at(-1)}.json`
    },
  }

  test('the machine’s own setup first, then its manifests, then ones for its libraries; its loader before the bundle’s', () => {
    const files: DriverFiles = {
      loader: '/usr/lib/libvulkan.so.1',
      manifests: ['/a/nvidia_icd.json'],
      libraries: ['/n/libGLX_nvidia.so.0', '/n/libEGL_nvidia.so.0'],
      unknownFolders: ['/n'],
      devices: [],
    }
    const named = (path: string): object => ({ VK_DRIVER_FILES: path, VK_ICD_FILENAMES: path })
    const drivers = [
      {},
      named('/a/nvidia_icd.json'),
      named('/tmp/libGLX_nvidia.so.0.json'),
      named('/tmp/libEGL_nvidia.so.0.json'),
    ]
    expect(driverAttempts(files, options).map(({ environment }) => environment)).toEqual([
      ...drivers.map((driver) => ({ ...driver, LD_LIBRARY_PATH: '/n' })),
      ...drivers.map((driver) => ({ ...driver, LD_LIBRARY_PATH: '/bundle/vulkan:/n' })),
    ])
    expect(written).toEqual(files.libraries)
  })

  test('without a loader the bundle’s alone, before what LD_LIBRARY_PATH has', () => {
    const environment = { LD_LIBRARY_PATH: '/mine:' }
    expect(driverAttempts(NOTHING, { ...options, environment }).map((attempt) => attempt.environment)).toEqual([
      { LD_LIBRARY_PATH: '/bundle/vulkan:/mine' },
    ])
  })

  test('a machine that is set up is left as it is, and drivers that the environment names stay', () => {
    const files = { ...NOTHING, loader: '/usr/lib/libvulkan.so.1', manifests: ['/a/nvidia_icd.json'] }
    expect(driverAttempts(files, options)[0]?.environment).toEqual({})
    for (const name of ['VK_DRIVER_FILES', 'VK_ICD_FILENAMES']) {
      const attempts = driverAttempts(files, { ...options, environment: { [name]: '/b.json' } })
      expect(attempts.map(({ environment }) => environment)).toEqual([{}, { LD_LIBRARY_PATH: '/bundle/vulkan' }])
    }
  })
})

describe('what is said', () => {
  const nobody = [{ adapters: [] }]

  test.each<readonly [string, Partial<DriverFiles>, Record<string, string>, RegExp]>([
    ['no GPU', {}, {}, /there is no NVIDIA GPU here/],
    [
      'a container without the graphics libraries',
      { devices: ['/dev/nvidia0'] },
      { NVIDIA_DRIVER_CAPABILITIES: 'compute,utility' },
      /the GPU is there.+libGLX_nvidia.+NVIDIA_DRIVER_CAPABILITIES=all or with graphics.+here it is "compute,utility"/,
    ],
    ['the same, not set', { devices: ['/dev/nvidia0'] }, {}, /it is not set here/],
    [
      'a driver that does not work',
      { devices: ['/dev/nvidia0'], libraries: ['/n/libGLX_nvidia.so.0'] },
      {},
      /NVIDIA’s Vulkan driver is there \(\/n\/libGLX_nvidia\.so\.0\) but gives no GPU, no adapter at all/,
    ],
    ['other drivers named', {}, { VK_ICD_FILENAMES: '/b.json' }, /VK_ICD_FILENAMES name \(\/b\.json\).+unset them/],
  ])('%s', (_, files, environment, sentence) => {
    expect(diagnosis(NVIDIA, { ...NOTHING, ...files }, nobody, environment)).toMatch(sentence)
  })

  test('an old libstdc++ is named, whatever else is the matter', () => {
    const failure =
      "WebGPU could not be loaded (/lib/libstdc++.so.6: version `GLIBCXX_3.4.30' not found (required by dawn.node))"
    expect(diagnosis(NVIDIA, NOTHING, [{ adapters: [], failure }], {})).toMatch(
      /libstdc\+\+ is older than GLIBCXX_3\.4\.30/,
    )
  })

  test('what there is instead, and what the loader complained of', () => {
    const adapters = [
      { name: 'llvmpipe', vendor: 'mesa', architecture: '', kind: 'software', features: [], limits: {} } as const,
    ]
    const files = { ...NOTHING, libraries: ['/n/libGLX_nvidia.so.0'] }
    const complaints = ['ERROR: libGLX_nvidia.so.0: libX11.so.6: cannot open shared object file']
    const said = diagnosis(NVIDIA, files, [{ adapters, complaints }, { adapters }], {})
    expect(said).toContain('only llvmpipe (mesa, software) (ERROR: libGLX_nvidia.so.0: libX11.so.6')
    expect(diagnosis({ kind: 'named', text: 'voodoo' }, files, [{ adapters }], {})).toContain(
      'no adapter fits "voodoo": there is only llvmpipe',
    )
  })
})
