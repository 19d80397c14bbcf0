import chromium from '@sparticuz/chromium'
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unpackedArchive, withLibraryFolder } from '@gradrec/software-vulkan'
import { bundlePage } from './bundle.ts'

export interface BrowserOptions {
  /** Serve the page cross-origin isolated, so that it may share memory with workers. Default true. */
  readonly isolated?: boolean
  /** Default 100. */
  readonly timeoutSeconds?: number
}

interface Outcome {
  readonly value?: unknown
  readonly error?: string
}

/** WebGPU on SwiftShader, in one process: what works without a GPU and without a sandbox. */
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--no-zygote',
  '--in-process-gpu',
  '--disable-background-networking',
  '--no-first-run',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
  '--use-vulkan=swiftshader',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
]

/**
 * Runs a module's default export in a page of a headless Chromium and returns what it resolves to.
 *
 * @param module path of a module whose default export is an async function that returns plain data
 * @throws Error with the page's own message when the function fails, or with the browser's last words when it does
 */
export async function runInBrowser(module: string, options: BrowserOptions = {}): Promise<unknown> {
  const { isolated = true, timeoutSeconds = 100 } = options
  const script = await bundlePage(module)
  const libraries = join(await unpackedArchive('al2023'), 'lib')
  const profile = await mkdtemp(join(tmpdir(), 'gradrec-browser-'))
  let browser: ChildProcess | undefined
  let timer: NodeJS.Timeout | undefined
  let answer: (outcome: Outcome) => void = () => {}
  const server = servePage(script, isolated, (text) => answer(JSON.parse(text) as Outcome))
  try {
    const outcome = await new Promise<Outcome>((resolve, reject) => {
      answer = resolve
      server.listen(0, '127.0.0.1', () => {
        const { port } = server.address() as AddressInfo
        void chromium.executablePath().then((program) => {
          browser = spawn(program, [...FLAGS, `--user-data-dir=${profile}`, `http://localhost:${port}/`], {
            stdio: ['ignore', 'ignore', 'pipe'],
            env: { ...process.env, LD_LIBRARY_PATH: withLibraryFolder(libraries) },
          })
          let words = ''
          browser.stderr?.on('data', (chunk: Buffer) => (words = (words + chunk.toString()).slice(-2000)))
          browser.once('error', reject)
          browser.once('exit', (code) => reject(new Error(`the browser ended with ${code}: ${words}`)))
          return undefined
        }, reject)
      })
      timer = setTimeout(
        () => reject(new Error(`the page did not answer in ${timeoutSeconds} s`)),
        timeoutSeconds * 1000,
      )
    })
    if (outcome.error !== undefined) throw new Error(`in the browser: ${outcome.error}`)
    return outcome.value
  } finally {
    clearTimeout(timer)
    browser?.removeAllListeners('exit')
    browser?.kill('SIGKILL')
    server.closeAllConnections()
    server.close()
    await rm(profile, { recursive: true, force: true, maxRetries: 5 })
  }
}

function servePage(script: string, isolated: boolean, onResult: (text: string) => void): Server {
  return createServer((request, response) => {
    if (isolated) {
      response.setHeader('Cross-Origin-Opener-Policy', 'same-origin')
      response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp')
    }
    if (request.method === 'POST') {
      let text = ''
      request.on('data', (chunk: Buffer) => (text += chunk.toString()))
      request.on('end', () => {
        response.end()
        onResult(text)
      })
    } else if (request.url === '/page.js') {
      response.setHeader('Content-Type', 'text/javascript')
      response.end(script)
    } else {
      response.setHeader('Content-Type', 'text/html')
      response.end('<!doctype html><script type="module" src="/page.js"></script>')
    }
  })
}
