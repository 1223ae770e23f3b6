import type { SourceText } from '../source/index.ts'
import type { Page } from './page/page.ts'
import { readPage } from './page/read-page.ts'

/** A folder of Markdown, indexed. Never changed: `updateVault` gives another. */
export interface Vault {
  /** By path from the vault's root, with `/`. */
  readonly pages: ReadonlyMap<string, Page>
  /** Every other file, by path: what links and embeds may name besides pages. */
  readonly otherFiles: ReadonlySet<string>
  /** The path under which other vaults and old links know this one: `Work/Teams/Shop`. */
  readonly mount: string | undefined
  /** Paths of pages and other files by the last part of their path, as `keyOf` writes it. */
  readonly byName: ReadonlyMap<string, readonly string[]>
  /** Paths of the pages that link to something of this name, by the same key: where backlinks are looked for. */
  readonly mentionedBy: ReadonlyMap<string, ReadonlySet<string>>
}

export interface VaultFiles {
  /** Markdown; `file` is the path from the vault's root. */
  readonly texts: readonly SourceText[]
  readonly otherFiles?: readonly string[]
  readonly mount?: string | undefined
}

export function buildVault({ texts, otherFiles = [], mount }: VaultFiles): Vault {
  const pages = new Map(texts.map(({ file, text }) => [file, readPage(file, text)]))
  const byName = new Map<string, string[]>()
  for (const path of [...pages.keys(), ...otherFiles].sort()) push(byName, keyOf(path), path)
  const mentionedBy = new Map<string, Set<string>>()
  for (const page of pages.values())
    for (const name of namesIn(page)) {
      const known = mentionedBy.get(name)
      if (known) known.add(page.path)
      else mentionedBy.set(name, new Set([page.path]))
    }
  return { pages, otherFiles: new Set(otherFiles), mount: mount?.replace(/^\/+|\/+$/g, ''), byName, mentionedBy }
}

/** The vault after one page was written, or removed where `text` is undefined. Only that page is read again. */
export function updateVault(vault: Vault, path: string, text: string | undefined): Vault {
  const before = vault.pages.get(path)
  const after = text === undefined ? undefined : readPage(path, text)
  const pages = new Map(vault.pages)
  if (after) pages.set(path, after)
  else pages.delete(path)
  return {
    ...vault,
    pages,
    byName: !before === !after ? vault.byName : changeName(vault.byName, path, after !== undefined),
    mentionedBy: changeMentions(vault.mentionedBy, path, namesIn(before), namesIn(after)),
  }
}

/** The name of a file, without folder and `.md`, in one spelling for all systems that spell it differently. */
export function keyOf(path: string): string {
  return foldCase((path.split('/').at(-1) ?? '').replace(/\.md$/i, ''))
}

export function foldCase(text: string): string {
  return text.normalize('NFC').toLowerCase()
}

function namesIn(page: Page | undefined): Set<string> {
  return new Set(page?.links.map(({ target }) => keyOf(target)).filter((name) => name !== ''))
}

function changeName(byName: Vault['byName'], path: string, isThere: boolean): Vault['byName'] {
  const key = keyOf(path)
  const others = (byName.get(key) ?? []).filter((other) => other !== path)
  return new Map(byName).set(key, isThere ? [...others, path].sort() : others)
}

function changeMentions(
  mentionedBy: Vault['mentionedBy'],
  path: string,
  before: ReadonlySet<string>,
  after: ReadonlySet<string>,
): Vault['mentionedBy'] {
  const changed = new Map(mentionedBy)
  for (const name of new Set([...before, ...after])) {
    const pages = new Set(changed.get(name))
    if (after.has(name)) pages.add(path)
    else pages.delete(path)
    if (pages.size > 0) changed.set(name, pages)
    else changed.delete(name)
  }
  return changed
}

function push(lists: Map<string, string[]>, key: string, item: string): void {
  const list = lists.get(key)
  if (list) list.push(item)
  else lists.set(key, [item])
}
