import { isPlainObject } from '../../source/index.ts'
import type { Importer } from './importer.ts'

/** Docker Compose files, with overlays and `.env`. */
export const compose: Importer = {
  name: 'compose',
  recognises: (value) => isPlainObject(value.services) && value.components === undefined,
  sideFile: /(^|\/)\.env$/,
  read: () => ({ document: {}, problems: [], notes: [] }),
}
