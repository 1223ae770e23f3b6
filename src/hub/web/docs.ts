/** The pages of the vault, for reading. */
export interface HubDocs {
  readonly list: () => readonly DocEntry[]
  readonly page: (path: string) => DocPage | undefined
  readonly search: (words: string) => readonly DocHit[]
}

export interface DocEntry {
  readonly path: string
  readonly title: string
}

export interface DocPage extends DocEntry {
  /** Sanitised: no script, no style, no link but to pages, web pages and mail. */
  readonly html: string
  readonly outline: readonly { readonly level: number; readonly text: string; readonly anchor: string }[]
  readonly backlinks: readonly DocEntry[]
}

export interface DocHit extends DocEntry {
  readonly heading: string | undefined
  readonly excerpt: string
}
