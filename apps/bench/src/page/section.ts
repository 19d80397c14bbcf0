/** A piece of the page, and the figures that it shows. */
export interface Section {
  readonly markdown: string
  /** SVG by file name. */
  readonly figures: ReadonlyMap<string, string>
}

export const TITLES = { ml10m: 'MovieLens-10M', netflix: 'Netflix', mf: 'MF', lgn: 'LightGCN' } as const

/** Paragraphs, tables and figures one below the other. */
export function paragraphs(...texts: readonly (string | undefined)[]): string {
  return texts.filter((text) => text !== undefined && text !== '').join('\n\n')
}

/** A figure as the page shows it. */
export function shown(file: string, alternative: string): string {
  return `![${alternative}](figures/${file})`
}

export function joined(title: string, intro: string, sections: readonly Section[]): Section {
  return {
    markdown: paragraphs(`## ${title}`, intro, ...sections.map(({ markdown }) => markdown)),
    figures: new Map(sections.flatMap(({ figures }) => [...figures])),
  }
}
