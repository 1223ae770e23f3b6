import { compose } from './compose.ts'
import type { Importer } from './importer.ts'
import { kubernetes } from './kubernetes.ts'

/** Every format that can be read without writing a model first: one file each, in the order in which they are tried. */
export const importers: readonly Importer[] = [kubernetes, compose]

export type { Imported, Importer, ImportFile, ImportOptions } from './importer.ts'
