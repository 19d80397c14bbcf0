import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import type { Artefact } from '../artefact.ts'
import type { Paper } from '../paper.ts'
import type { PlainTable } from '../plainTable.ts'
import { BACKBONE_TITLES, DATASET_TITLES } from '../titles.ts'

/** What `pnpm bench table4` measured on one device, as far as it is read here: its file holds more. */
export interface TimedDevice {
  readonly format: 'gradrec-bench-1'
  readonly part: 'table4'
  readonly measuredAt: string
  readonly commit: string
  readonly command: string
  readonly quick: boolean
  readonly machine: { readonly processor: string; readonly cores: number }
  readonly engine: { readonly name: string; readonly device: { readonly name: string; readonly reason: string } }
  readonly figures: { readonly groups: readonly TimedGroup[] }
}

/** Methods timed beside each other: one data set, backbone and batch. */
export interface TimedGroup {
  readonly dataset: 'ml10m' | 'netflix'
  readonly source: 'real' | 'simulated'
  readonly backbone: 'mf' | 'lgn'
  readonly batch: number
  readonly batchOf: 'paper' | 'device'
  readonly methods: readonly {
    readonly label: string
    readonly method: 'original' | 'dice' | 'macr' | 'gradient'
    readonly extrapolated: boolean
    readonly secondsPerEpoch: { readonly median: number }
    readonly ratio: number
  }[]
}

const schema: v.GenericSchema<unknown, TimedDevice> = v.object({
  format: v.literal('gradrec-bench-1'),
  part: v.literal('table4'),
  measuredAt: v.string(),
  commit: v.string(),
  command: v.string(),
  quick: v.boolean(),
  machine: v.object({ processor: v.string(), cores: v.number() }),
  engine: v.object({ name: v.string(), device: v.object({ name: v.string(), reason: v.string() }) }),
  figures: v.object({
    groups: v.array(
      v.object({
        dataset: v.picklist(['ml10m', 'netflix']),
        source: v.picklist(['real', 'simulated']),
        backbone: v.picklist(['mf', 'lgn']),
        batch: v.number(),
        batchOf: v.picklist(['paper', 'device']),
        methods: v.array(
          v.object({
            label: v.string(),
            method: v.picklist(['original', 'dice', 'macr', 'gradient']),
            extrapolated: v.boolean(),
            secondsPerEpoch: v.object({ median: v.number() }),
            ratio: v.number(),
          }),
        ),
      }),
    ),
  }),
})

/** Table IV: seconds per epoch, from what `pnpm bench table4` has measured. */
export const table4: Artefact = {
  name: 'table4',
  title: 'Table IV: computing time',
  datasets: ['ml10m', 'netflix'],
  anyDataset: false,
  cells: () => [],
  async make({ datasets, selection, paper, benchResults }) {
    const devices = (await readTimings(benchResults)).filter(({ quick }) => quick === selection.quick)
    const tables = devices.flatMap((device) => deviceTables(device, paper, datasets))
    const notes = devices.map(
      ({ engine, machine, commit, command }) =>
        `${engine.name} on ${engine.device.name} (${engine.device.reason}; ${machine.cores} cores of ${machine.processor}): \`${command}\` at ${commit.slice(0, 12)}.`,
    )
    return {
      figures: devices,
      cells: [],
      tables,
      drawings: {},
      comparison: comparisonLine(devices, paper),
      notes: [
        ...notes,
        `The paper’s seconds are of ${paper.table4.hardware}, at batches of 128 positives with 4 negatives.`,
        ...(devices.length > 0
          ? [
              '~: extrapolated from some of an epoch’s steps. × original is the median of ratios within rounds, in which methods take turns; it ' +
                'need not be the ratio of the seconds shown.',
              'Not in the paper: “dice, L2” takes another discrepancy loss than DICE’s distance correlation, “gradient, learned” reads the ' +
                'directions from the trained tables and records nothing, and “original, dense” updates all rows in every step with the authors’ optimizer.',
            ]
          : []),
      ],
    }
  },
}

/** All timings in some folders; a file that is none is passed over, and of equal names the first folder's counts. */
export async function readTimings(folders: readonly string[]): Promise<TimedDevice[]> {
  const found = new Map<string, TimedDevice>()
  for (const folder of folders) {
    if (!existsSync(folder)) continue
    const names = (await readdir(folder)).filter((name) => /^table4-.*\.json$/.test(name))
    for (const name of names.toSorted()) {
      if (found.has(name)) continue
      const parsed = v.safeParse(schema, JSON.parse(await readFile(join(folder, name), 'utf8')))
      if (parsed.success) found.set(name, parsed.output)
    }
  }
  return [...found.values()]
}

function deviceTables({ engine, figures }: TimedDevice, paper: Paper, datasets: readonly string[]): PlainTable[] {
  return figures.groups
    .filter(({ dataset }) => datasets.includes(dataset))
    .map(({ dataset, source, backbone, batch, batchOf, methods }) => {
      const theirs = paper.table4.values[backbone][dataset]
      const simulated = source === 'simulated' ? ' (simulated to its size and popularity)' : ''
      const whose = batchOf === 'paper' ? 'the paper’s batch' : 'a batch that suits the device'
      return {
        caption: `${DATASET_TITLES[dataset]}${simulated}, ${BACKBONE_TITLES[backbone]}, ${batch} positives a step (${whose}), ${engine.name} on ${engine.device.name}`,
        columns: ['method', 'seconds an epoch', '× original', 'the paper’s seconds', 'the paper’s × original'],
        rows: methods.map(({ label, method, secondsPerEpoch, ratio, extrapolated }) => [
          label,
          `${extrapolated ? '~' : ''}${secondsPerEpoch.median.toFixed(2)}`,
          ratio.toFixed(2),
          String(theirs[method]),
          (theirs[method] / theirs.original).toFixed(2),
        ]),
      }
    })
}

function comparisonLine(devices: readonly TimedDevice[], paper: Paper): string {
  const rows = devices.flatMap(({ figures }) =>
    figures.groups
      .filter(({ batchOf }) => batchOf === 'device')
      .flatMap(({ dataset, backbone, methods }) =>
        methods
          .filter(({ label, method }) => label === method)
          .map(
            ({ method, secondsPerEpoch }) => paper.table4.values[backbone][dataset][method] / secondsPerEpoch.median,
          ),
      ),
  )
  if (rows.length === 0) return 'not measured yet: pnpm bench table4'
  const faster = rows.filter((ratio) => ratio > 1).length
  const [least, most] = [Math.min(...rows), Math.max(...rows)]
  return `at a batch that suits the device ${faster} of ${rows.length} epochs are faster than the paper’s V100: ${least.toFixed(1)} to ${most.toFixed(1)} times as fast`
}
