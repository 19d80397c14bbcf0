/** What scripts/embed-wgsl.mjs reads off a .wgsl file. */
export interface Shader {
  readonly file: string
  /** True where group 1 holds the per-step uniform, bound with a dynamic offset. */
  readonly usesStep: boolean
  /** Bindings of group 0, in binding order. */
  readonly bindings: Readonly<Record<string, 'read' | 'write' | 'uniform'>>
  readonly overrides: Readonly<Record<string, string>>
  readonly uniforms: Readonly<Record<string, UniformFields>>
  /** Runs of lines taken from one file: [first line of `text`, file, first line in the file]. */
  readonly origins: readonly (readonly [number, string, number])[]
  readonly text: string
}

/** Fields of a uniform struct in order, each four bytes. */
export type UniformFields = Readonly<Record<string, 'u32' | 'f32'>>

/** One buffer for every binding of a shader's group 0. */
export type BuffersOf<S extends Shader> = { readonly [Name in keyof S['bindings']]: GPUBuffer }

/** One number for every override constant of a shader. */
export type ConstantsOf<S extends Shader> = { readonly [Name in keyof S['overrides']]: number }

/** One number for every field of a uniform struct. */
export type ValuesOf<F extends UniformFields> = { readonly [Name in keyof F]: number }

/** Packs a uniform struct's fields as the shader lays them out. */
export function packUniform<F extends UniformFields>(fields: F, values: ValuesOf<F>): ArrayBuffer {
  const names = Object.keys(fields)
  const view = new DataView(new ArrayBuffer(names.length * 4))
  for (const [index, name] of names.entries()) {
    const value = values[name] ?? 0
    if (fields[name] === 'f32') view.setFloat32(index * 4, value, true)
    else view.setUint32(index * 4, value, true)
  }
  return view.buffer
}

/** The file and line that a line of a shader's text came from. */
export function originOfLine(shader: Pick<Shader, 'file' | 'origins'>, line: number): string {
  let origin: readonly [number, string, number] = [1, shader.file, 1]
  for (const candidate of shader.origins) {
    if (candidate[0] > line) break
    origin = candidate
  }
  return `${origin[1]}:${origin[2] + line - origin[0]}`
}
