export { engineAskedFor, openEngine, type EngineKind, type OpenEngineOptions } from './openEngine.ts'
export { withReason } from './withReason.ts'
