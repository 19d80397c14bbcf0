/** What a bundle's README.txt is about. */
export interface BundleFacts {
  readonly commit: string
  readonly bundledAt: string
  readonly node: string
  readonly glibc: string
  readonly glibcxx: string
  readonly tests: readonly string[]
  readonly leftOut: Readonly<Record<string, string>>
  readonly data: readonly string[]
}

/** README.txt of a bundle. */
export function readme({ commit, bundledAt, node, glibc, glibcxx, tests, leftOut, data }: BundleFacts): string {
  const inside =
    data.length === 0
      ? 'Data sets are simulated, with the sizes and the popularity of the real ones; --data-root <folder> reads real ones.'
      : `Data inside: ${data.join(', ')}; in this folder: ./bench table4 --datasets ${data.join(',')} --data-root data`
  const without = Object.entries(leftOut).map(([name, why]) => `  ${name}: ${why}`)
  return `gradrec: benchmark and kernel tests for a machine with an NVIDIA GPU
commit ${commit}, written ${bundledAt}

Needs x86-64 Linux with an NVIDIA driver, glibc ${glibc} and libstdc++ with GLIBCXX_${glibcxx} or newer (Ubuntu 22.04, Debian 12,
or newer); no Node (${node} is inside), no network, and no Vulkan loader: where the machine has none, the bundle's is used. It writes
into this folder's results/ and into $TMPDIR.

Run, in this order:

  ./doctor          what this machine offers, and why there is no GPU if there is none    seconds
  ./test            the kernels against the float64 oracle, on the GPU                    minutes
  ./bench --quick   sampled steps and few rounds                                          about two minutes
  ./bench           everything, or the parts that are named; ./bench --help lists them    the longest

The part \`peers\` runs PyTorch and implicit where python3 (or --python <path>) has them, and goes on without what it does not find.

./test takes parts of files' names: ${tests.join(', ')}.
${without.length === 0 ? 'No test file of the kernels is left out.' : `Left out:\n${without.join('\n')}`}
Tests of what the GPU takes no part in (WebAssembly, data, command line), of browsers, and of software drivers being chosen are not here.

All of them insist on an NVIDIA GPU and end with exit code 1 and one sentence otherwise: Dawn would fall back to a driver on the CPU
without a word. --adapter <part of a name> or --any-adapter take another one, say so, and note it in results/*-machine.json.
./bench --engine wasm measures the CPU alone.

In a container the driver's graphics libraries must be there: NVIDIA_DRIVER_CAPABILITIES=all, or with graphics in it.

Results are JSON in results/: one file a part of the benchmark, tests.json, and *-machine.json with what they ran on.
${inside}
`
}
