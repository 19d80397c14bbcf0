export { ModelFileError } from './errors.ts'
export { matrixOfTensor, tensorOfMatrix, type Tensor } from './tensor.ts'
export type { NumberArray } from './littleEndian.ts'

// Formats
export { decodeSafetensors, encodeSafetensors, safetensorsChunks, type Safetensors } from './safetensors.ts'
export { decodeNpy, encodeNpy, type NpyMatrix } from './npy.ts'
export { vectorsToParquet, type RowIds } from './parquet.ts'

// Models and checkpoints as the content of a safetensors file
export { decodeModel, encodeModel } from './modelFile.ts'
export { decodeCheckpoint, encodeCheckpoint } from './checkpointFile.ts'
export { idsOfTensors, idTensors } from './idTensors.ts'
export { csrOfTensors, csrTensors } from './csrTensors.ts'
