export { fileChunks, type ReadProgress } from './fileChunks.ts'
export { readFile, type ReadFileOptions } from './readFile.ts'
export { loadCatalogued, type LoadCataloguedOptions } from './loadCatalogued.ts'
