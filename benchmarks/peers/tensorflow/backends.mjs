import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const require = createRequire(import.meta.url)

/** Makes one backend TensorFlow.js's only one, and says its version and what else there is to know. */
export async function openBackend(name, threads) {
  switch (name) {
    case 'node':
      return openNative(threads)
    case 'wasm':
      return openWasm()
    case 'cpu':
      return openCpu()
    default:
      throw new Error(`backend ${name} does not exist; expected node, wasm or cpu`)
  }
}

/** TensorFlow's own C library. Its threads are read from the environment when it is loaded. */
async function openNative(threads) {
  process.env.TF_NUM_INTRAOP_THREADS = String(threads)
  process.env.TF_NUM_INTEROP_THREADS = '1'
  process.env.TF_CPP_MIN_LOG_LEVEL = '2'
  // Kept quiet: it prints an advertisement of itself to stderr.
  const tf = require('@tensorflow/tfjs-node')
  await tf.ready()
  return { tf, versions: { '@tensorflow/tfjs-node': tf.version['tfjs-node'], libtensorflow: libraryVersion(tf) } }
}

function libraryVersion(tf) {
  return tf.backend().binding?.TF_Version ?? 'unknown'
}

/**
 * WebAssembly with SIMD. TensorFlow.js does not use its threads in Node: the flag WASM_HAS_MULTITHREAD_SUPPORT is false there
 * (tensorflow/tfjs#3830).
 */
async function openWasm() {
  const tf = require('@tensorflow/tfjs')
  const wasm = require('@tensorflow/tfjs-backend-wasm')
  wasm.setWasmPaths(`${join(dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'dist')}/`)
  await tf.setBackend('wasm')
  await tf.ready()
  return { tf, versions: { '@tensorflow/tfjs-backend-wasm': wasm.version_wasm } }
}

/** Plain JavaScript. */
async function openCpu() {
  const tf = require('@tensorflow/tfjs')
  await tf.setBackend('cpu')
  await tf.ready()
  return { tf, versions: { '@tensorflow/tfjs': tf.version.tfjs } }
}
