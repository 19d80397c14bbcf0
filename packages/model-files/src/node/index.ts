export { loadCheckpoint, loadModel, saveCheckpoint, saveModel } from './modelFiles.ts'
export { readSafetensors } from './readSafetensors.ts'
export { writeFileAtomically } from './writeFileAtomically.ts'
