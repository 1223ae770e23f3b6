import type { PlainObject, Problem } from '../../source/index.ts'

/** One file in another format, read as plain data that knows its positions. */
export interface ImportFile {
  readonly file: string
  /** Its YAML documents; empty for a file of another kind, such as `.env`. */
  readonly values: readonly unknown[]
  readonly text: string
}

export interface ImportOptions {
  /** Names of the components where users come in; empty: found from what the files publish. */
  readonly entries: readonly string[]
}

export interface Imported {
  /** Plain data in the shape of `system/*.yaml`, with the positions of what it was read from. */
  readonly document: PlainObject
  /** Mistakes in the files: the import is not used when there are any. */
  readonly problems: readonly Problem[]
  /** What was read only in part, or not at all, and why: one sentence each. */
  readonly notes: readonly string[]
}

/**
 * Reads the platform out of files that describe something else. What the files do not say stays unknown: a dependency
 * whose strength is not stated has strength `unknown`, and carries as evidence what shows that it exists.
 */
export interface Importer {
  readonly name: string
  /** Whether one YAML document is of this format. */
  recognises(value: PlainObject): boolean
  /** Whether a file beside the others belongs to the format although it is not YAML, such as `.env`. */
  readonly sideFile?: RegExp
  read(files: readonly ImportFile[], options: ImportOptions): Imported
}
