import type { Dataset } from '@gradrec/data'
import type { ReadProgress } from '@gradrec/data/node'
import type { DataSource } from '../data/dataSource.ts'
import { loadDataset } from '../data/loadDataset.ts'

/** Data sets by where they come from, each read once. */
export class DataStore {
  readonly #onProgress: (progress: ReadProgress) => void
  readonly #loading = new Map<string, Promise<Dataset>>()

  constructor(onProgress: (progress: ReadProgress) => void) {
    this.#onProgress = onProgress
  }

  load(source: DataSource): Promise<Dataset> {
    const key = JSON.stringify(source)
    const loading = this.#loading.get(key) ?? loadDataset(source, this.#onProgress)
    this.#loading.set(key, loading)
    return loading
  }
}
