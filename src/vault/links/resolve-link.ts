import type { Link } from '../page/page.ts'
import { foldCase, keyOf, type Vault } from '../vault.ts'

/** What a link leads to. */
export type Resolution =
  /** `isSpelledSo`: the letters are those of the file, capitals included, as Linux and GitHub want it. */
  | { readonly kind: 'page' | 'file'; readonly path: string; readonly isSpelledSo: boolean }
  /** A page elsewhere on the web. */
  | { readonly kind: 'address' }
  /** An address that would run something, such as `javascript:`. */
  | { readonly kind: 'unsafe' }
  | { readonly kind: 'outside' }
  | { readonly kind: 'ambiguous'; readonly paths: readonly string[] }
  | { readonly kind: 'broken' }

const SAFE_SCHEMES = new Set(['http:', 'https:', 'mailto:', 'tel:', 'obsidian:'])

/**
 * Where a link of the page `from` leads. A wikilink names a page by its name, or by the end of its path; a whole path
 * wins over ends of others; a path below the vault's mount is a whole one; a folder stands for the note of its name or
 * its README. A Markdown link is a path from the page's folder.
 */
export function resolveLink(vault: Vault, from: string, link: Pick<Link, 'kind' | 'target'>): Resolution {
  const { target, kind } = link
  if (target === '') return { kind: 'page', path: from, isSpelledSo: true }
  const scheme = /^\s*([a-z][a-z0-9+.-]*:)/i.exec(stripControls(target))?.[1]?.toLowerCase()
  if (scheme && isAddress(scheme, kind)) return { kind: SAFE_SCHEMES.has(scheme) ? 'address' : 'unsafe' }
  if (target.startsWith('//')) return { kind: 'address' }
  if (kind === 'wikilink' || kind === 'embed') return resolveName(vault, from, target)
  const path = target.startsWith('/') ? normalize(target) : normalize(`${folderOf(from)}/${target}`)
  return path === undefined ? { kind: 'outside' } : resolvePath(vault, path)
}

/** A browser skips control characters within a scheme. */
function stripControls(text: string): string {
  return text.replace(/[\p{Cc} ]/gu, '')
}

/** A note may be called `Q1: plan`; in a wikilink only what a browser would follow or run is an address. */
function isAddress(scheme: string, kind: Link['kind']): boolean {
  return (
    kind === 'markdown' ||
    kind === 'image' ||
    SAFE_SCHEMES.has(scheme) ||
    /^(javascript|data|vbscript|file):/.test(scheme)
  )
}

function resolveName(vault: Vault, from: string, target: string): Resolution {
  if (target.startsWith('./') || target.startsWith('../')) {
    const path = normalize(`${folderOf(from)}/${target}`)
    return path === undefined ? { kind: 'outside' } : resolvePath(vault, path)
  }
  const { mount } = vault
  if (mount !== undefined && foldCase(target).startsWith(`${foldCase(mount)}/`))
    return resolvePath(vault, target.slice(mount.length + 1))
  const whole = normalize(target)
  if (whole === undefined) return { kind: 'outside' }
  const exact = resolvePath(vault, whole)
  if (exact.kind !== 'broken' || target.startsWith('/')) return exact
  const paths = [...findEndings(vault, whole)]
  const [path] = paths
  if (path === undefined) return { kind: 'broken' }
  if (paths.length > 1) return { kind: 'ambiguous', paths }
  return found(vault, path, whole)
}

/** The files whose path ends with `ending`; else the notes of folders whose path does. */
function findEndings(vault: Vault, ending: string): readonly string[] {
  const isEnding = (path: string) => foldCase(withoutExtension(path, ending)).endsWith(`/${foldCase(ending)}`)
  const files = (vault.byName.get(keyOf(ending)) ?? []).filter((path) => isEnding(`/${path}`))
  if (files.length > 0) return files
  const readmes = vault.byName.get('readme') ?? []
  return readmes.filter((path) => foldCase(`/${path}`).endsWith(`/${foldCase(ending)}/readme.md`))
}

function resolvePath(vault: Vault, path: string): Resolution {
  const isThis = (candidate: string) => foldCase(withoutExtension(candidate, path)) === foldCase(path)
  const spellings = (vault.byName.get(keyOf(path)) ?? []).filter(isThis)
  const name = path.split('/').at(-1) ?? ''
  const notes = spellings.length > 0 ? spellings : findFolderNotes(vault, path, name)
  const best = notes.find((candidate) => withoutExtension(candidate, path) === path) ?? notes[0]
  return best === undefined ? { kind: 'broken' } : found(vault, best, path)
}

function findFolderNotes({ byName }: Vault, path: string, name: string): string[] {
  const wanted = [`${path}/${name}.md`, `${path}/README.md`].map(foldCase)
  return [...(byName.get(foldCase(name)) ?? []), ...(byName.get('readme') ?? [])].filter((candidate) =>
    wanted.includes(foldCase(candidate)),
  )
}

function found(vault: Vault, path: string, written: string): Resolution {
  const spelled = withoutExtension(path, written).normalize('NFC')
  const folder = path.replace(/\/[^/]*$/, '').normalize('NFC')
  const wanted = written.normalize('NFC')
  const isSpelledSo = `/${spelled}`.endsWith(`/${wanted}`) || `/${folder}`.endsWith(`/${wanted}`)
  return { kind: vault.pages.has(path) ? 'page' : 'file', path, isSpelledSo }
}

/** `.md` may be left out. */
function withoutExtension(path: string, written: string): string {
  return /\.md$/i.test(written) ? path : path.replace(/\.md$/i, '')
}

function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : ''
}

/** Without `.`, `..` and doubled slashes; undefined when it leads out of the vault. */
function normalize(path: string): string | undefined {
  const parts: string[] = []
  for (const part of path.replaceAll('\\', '/').split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') parts.push(part)
    else if (parts.pop() === undefined) return undefined
  }
  return parts.join('/')
}
