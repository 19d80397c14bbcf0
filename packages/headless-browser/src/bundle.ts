import { rolldown } from 'rolldown'

const ENTRY = 'gradrec:page'

/**
 * One script for a page: calls the module's default export and posts what it resolves to, or the error it throws, to `/result`.
 * Packages of this workspace are taken from their sources. Anything that only Node has fails the bundle.
 *
 * @param module path of a module whose default export is an async function that returns plain data
 */
export async function bundlePage(module: string): Promise<string> {
  const page = `
    import run from ${JSON.stringify(module)}
    const post = (outcome) => fetch('/result', { method: 'POST', body: JSON.stringify(outcome) })
    run().then(
      (value) => post({ value }),
      (error) => post({ error: String(error?.stack ?? error) }),
    )
  `
  const bundle = await rolldown({
    input: ENTRY,
    platform: 'browser',
    // Dawn's bindings are imported where there is no navigator.gpu, which a page has.
    external: ['webgpu'],
    resolve: { conditionNames: ['@gradrec/source', 'import', 'browser', 'default'] },
    plugins: [
      {
        name: 'page',
        resolveId: (id) => (id === ENTRY ? id : null),
        load: (id) => (id === ENTRY ? page : null),
      },
    ],
  })
  try {
    const { output } = await bundle.generate({ format: 'esm', codeSplitting: false })
    const nodeOnly = output[0].imports.filter((name) => name.startsWith('node:'))
    if (nodeOnly.length > 0) throw new Error(`the page would import ${nodeOnly.join(', ')}, which no browser has`)
    return output[0].code
  } finally {
    await bundle.close()
  }
}
