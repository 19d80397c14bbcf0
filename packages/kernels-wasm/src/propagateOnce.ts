import { SpecError, type Graph, type Matrix } from '@gradrec/engine'
import { blockBytes, writeBlock, type ValuesOf } from './block.ts'
import { writeColumnBlocks } from './columnBlocks.ts'
import { edgePieces } from './edgePieces.ts'
import { addressesFrom, layOut } from './layout.ts'
import { blocks } from './wasm.generated.ts'
import type { WasmDevice } from './wasmDevice.ts'

/** LightGCN's final embeddings of a table: the mean of layers 0 … `layers`. */
export async function propagateOnce(device: WasmDevice, table: Matrix, graph: Graph, layers: number): Promise<Matrix> {
  const { rows, dimension, values } = table
  if (rows !== graph.nodes || values.length !== rows * dimension) {
    throw new SpecError(
      `the table is ${rows} × ${dimension} with ${values.length} numbers; expected ${graph.nodes} rows, one a node of the graph`,
    )
  }
  if (dimension % 4 !== 0) throw new SpecError(`rows have ${dimension} numbers; expected a multiple of 4`)
  if (layers === 0) return { rows, dimension, values: values.slice() }
  const pieces = edgePieces(graph)
  const bytes = values.byteLength
  const layout = layOut({
    block: blockBytes(blocks.FitBlock),
    graphPointer: graph.rowPointer.byteLength,
    graphColumns: graph.columns.byteLength,
    graphRowScale: graph.rowScale.byteLength,
    graphColumnScale: graph.columnScale.byteLength,
    pieces: pieces.byteLength,
    table: bytes,
    layerA: bytes,
    layerB: bytes,
  })
  const region = device.memory.allocate(layout.bytes, 'the propagation')
  try {
    const at = addressesFrom(region.address, layout)
    const { memory } = device
    memory.words(at.graphPointer, graph.rowPointer.length).set(graph.rowPointer)
    memory.words(at.graphColumns, graph.columns.length).set(graph.columns)
    memory.floats(at.graphRowScale, graph.nodes).set(graph.rowScale)
    memory.floats(at.graphColumnScale, graph.nodes).set(graph.columnScale)
    memory.words(at.pieces, pieces.length).set(pieces)
    writeColumnBlocks(memory.floats(at.table, values.length), values, rows)
    const none = Object.fromEntries(Object.keys(blocks.FitBlock).map((field) => [field, 0])) as ValuesOf<
      typeof blocks.FitBlock
    >
    writeBlock(memory, at.block, blocks.FitBlock, {
      ...none,
      ...at,
      ...device.teamFields,
      rows,
      vectors: dimension / 4,
      layers,
      pieceCount: pieces.length - 1,
    })
    await device.run('propagate', at.block)
    const last = layers % 2 === 0 ? at.layerA : at.layerB
    return { rows, dimension, values: memory.floats(last, values.length).slice() }
  } finally {
    device.memory.free(region)
  }
}
