import type { Importer } from './importer.ts'

/** Kubernetes manifests. */
export const kubernetes: Importer = {
  name: 'kubernetes',
  recognises: (value) => typeof value.apiVersion === 'string' && typeof value.kind === 'string',
  read: () => ({ document: {}, problems: [], notes: [] }),
}
