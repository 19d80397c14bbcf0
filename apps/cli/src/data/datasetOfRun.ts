import { DatasetError, type Model } from '@gradrec/core'
import { DataMissingError, type Dataset } from '@gradrec/data'
import { UsageError } from '../errors.ts'
import { percent } from '../output/formatNumbers.ts'
import type { Output } from '../output/output.ts'
import type { ModelRun } from '../run/modelRun.ts'
import { readConfigFile } from '../settings/configFile.ts'
import { dataSettingsOf } from '../settings/modelArgs.ts'
import type { Flags } from '../settings/parseFlags.ts'
import { dataSourceOf, type DataSource } from './dataSource.ts'
import { loadDataset } from './loadDataset.ts'

/**
 * Where a run's data is: as its `config.json` says, with flags laid over it. A `--dataset` that has moved is still read and split
 * as the file says, since it must be the same data.
 *
 * @throws UsageError where neither says anything, DataMissingError where it is not there
 */
export async function dataSourceOfRun(
  run: ModelRun,
  flags: Flags,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<DataSource> {
  const isGiven = flags.get('dataset') !== undefined
  if (run.configPath === undefined && !isGiven) {
    throw new UsageError(
      `there is no config.json beside ${run.modelPath} to say where its data is; give the data with --dataset`,
    )
  }
  const file = run.configPath === undefined ? new Map() : await readConfigFile(run.configPath)
  try {
    return dataSourceOf(dataSettingsOf(flags, file), environment)
  } catch (error) {
    if (isGiven || !(error instanceof DataMissingError)) throw error
    throw new DataMissingError(`${error.message}, or say where the data is now with --dataset`, { cause: error })
  }
}

/**
 * Brings the data in, and makes sure that it is what the model was trained on: ids and parts alike.
 *
 * @throws DatasetError for other data
 */
export async function datasetOfRun(source: DataSource, model: Model, output: Output): Promise<Dataset> {
  const dataset = await loadDataset(source, ({ path, bytesRead, totalBytes }) =>
    output.live(`reading ${path} · ${percent(bytesRead / totalBytes)}`),
  )
  output.clear()
  checkTrainedOn(model, dataset)
  return dataset
}

function checkTrainedOn({ dataHash, dataset: name, users, items }: Model, dataset: Dataset): void {
  if (dataset.hash === dataHash) return
  const sizes = `${dataset.users.size} users × ${dataset.items.size} items`
  const trained = `${users.size} × ${items.size}`
  throw new DatasetError(
    `this is not the data the model was trained on: "${dataset.name}" (${sizes}) has the hash ${dataset.hash.slice(0, 12)}, and ` +
      `the model’s "${name}" (${trained}) had ${dataHash.slice(0, 12)}; give the same file, protocol, split and seed`,
  )
}
