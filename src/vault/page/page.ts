import type { PlainObject, Position, Problem } from '../../source/index.ts'

/** A stretch of a page: offsets into its text, `end` excluded, and where it starts for people. */
export interface Stretch {
  readonly start: number
  readonly end: number
  readonly where: Position
}

/** A Markdown file, read: its text and what stands where in it. Plain data. */
export interface Page {
  /** From the vault's root, with `/`; or whatever the reader calls the file. */
  readonly path: string
  readonly text: string
  /** Undefined when the page has none, or when it is no YAML: then there is a problem. */
  readonly frontMatter: FrontMatter | undefined
  readonly headings: readonly Heading[]
  readonly fences: readonly Fence[]
  readonly links: readonly Link[]
  readonly blockIds: readonly BlockId[]
  /** Comments of the form `<!-- … -->` that stand alone on a line, outside code. */
  readonly comments: readonly Comment[]
  readonly problems: readonly Problem[]
}

export interface FrontMatter extends Stretch {
  /** The positions of its keys travel with it: `positionOf(value, ['review'])`. */
  readonly value: PlainObject
}

export interface Heading extends Stretch {
  readonly level: number
  /** As written, without the marks around it. */
  readonly text: string
  /** Where the lines below the heading start. */
  readonly contentStart: number
  /** Where the next heading of the same or a higher level starts. */
  readonly sectionEnd: number
}

export interface Fence extends Stretch {
  /** Everything after the opening marks: `bash {step=check}`. */
  readonly info: string
  /** The first word of it, in lower case; empty when there is none. */
  readonly language: string
  /** Without the marks, and without the indentation of a list around it. */
  readonly content: string
  /** The heading it stands under. */
  readonly heading: Heading | undefined
}

/** How a link is written: `[[x]]`, `![[x]]`, `[x](y)`, `![x](y)`. */
export type LinkKind = 'wikilink' | 'embed' | 'markdown' | 'image'

export interface Link extends Stretch {
  readonly kind: LinkKind
  /** The page, file or address; empty for a link within the page. Without heading, block and alias. */
  readonly target: string
  /** After `#`: one heading, or several below each other. */
  readonly headings: readonly string[]
  /** After `#^`. */
  readonly block: string | undefined
  /** What a reader sees instead of the target. */
  readonly alias: string | undefined
  /** The heading it stands under; a link of the front matter stands under none. */
  readonly heading: Heading | undefined
}

export interface BlockId extends Stretch {
  readonly id: string
}

export interface Comment extends Stretch {
  /** Between the marks, without the spaces around it. */
  readonly text: string
}
