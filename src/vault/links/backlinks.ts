import type { Link, Page } from '../page/page.ts'
import { keyOf, type Vault } from '../vault.ts'
import { resolveLink } from './resolve-link.ts'

export interface Backlink {
  readonly page: Page
  readonly link: Link
}

/** The links of other pages that lead to `path`, in the order of the pages. */
export function findBacklinks(vault: Vault, path: string): Backlink[] {
  const folder = path.split('/').at(-2)
  const names = [keyOf(path), ...(folder === undefined ? [] : [keyOf(folder)])]
  const mentioning = new Set(names.flatMap((name) => [...(vault.mentionedBy.get(name) ?? [])]))
  return [...mentioning].sort().flatMap((from) => {
    const page = vault.pages.get(from)
    if (!page || from === path) return []
    return page.links
      .filter((link) => {
        if (!names.includes(keyOf(link.target))) return false
        const resolution = resolveLink(vault, from, link)
        return 'path' in resolution && resolution.path === path
      })
      .map((link) => ({ page, link }))
  })
}
