import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** apps/bench/src/peers and apps/bench/dist/peers are equally deep. */
const REPOSITORY = fileURLToPath(new URL('../../../../', import.meta.url))

/** Where the other libraries' programs are. */
export const PEERS: string = join(REPOSITORY, 'benchmarks', 'peers')
/** gradrec's own. */
export const GRADREC_PEER: string = join(REPOSITORY, 'apps', 'bench', 'dist', 'peers', 'gradrecPeer.js')
