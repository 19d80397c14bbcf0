import { describeEngine } from '@gradrec/parity'
import { openWasmEngine } from '../src/index.ts'

describeEngine('wasm', () => openWasmEngine({ threads: 2 }), 'two threads', {
  sameBitsWith: {
    'one thread': () => openWasmEngine({ threads: 1 }),
    'five threads': () => openWasmEngine({ threads: 5 }),
    'no worker': () => openWasmEngine({ run: 'caller' }),
  },
})

describeEngine('wasm', () => openWasmEngine({ run: 'caller' }), 'in the caller’s thread')
