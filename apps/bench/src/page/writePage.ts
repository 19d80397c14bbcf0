import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { WriteError } from '@gradrec/cli'
import { readResults } from '../results/resultFile.ts'
import { generatePage } from './generatePage.ts'

/**
 * Generates the page of the results in `folder`/results: `folder`/README.md, with figures in `folder`/figures, where those that the page no
 * longer shows are removed. Returns the page's path.
 *
 * @throws ResultFileError for a result that cannot be shown
 * @throws WriteError
 */
export async function writePage(folder: string): Promise<string> {
  const { markdown, figures } = generatePage(await readResults(join(folder, 'results')))
  const path = join(folder, 'README.md')
  const pictures = join(folder, 'figures')
  try {
    await mkdir(pictures, { recursive: true })
    for (const name of await readdir(pictures)) {
      if (name.endsWith('.svg') && !figures.has(name)) await rm(join(pictures, name))
    }
    for (const [name, svg] of figures) await writeFile(join(pictures, name), `${svg}\n`)
    await writeFile(path, markdown)
  } catch (cause) {
    throw new WriteError(`${path} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    })
  }
  return path
}
