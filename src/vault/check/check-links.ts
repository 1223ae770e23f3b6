import { type Position, suggestion } from '../../source/index.ts'
import { findBlock, findSection } from '../links/find-section.ts'
import { type Resolution, resolveLink } from '../links/resolve-link.ts'
import type { Link, Page } from '../page/page.ts'
import type { Vault } from '../vault.ts'
import type { VaultFinding, VaultFindingKind } from './finding.ts'

export interface ResolvedLink {
  readonly page: Page
  readonly link: Link
  readonly resolution: Resolution
}

export function resolveLinks(vault: Vault): ResolvedLink[] {
  return [...vault.pages.values()].flatMap((page) =>
    page.links.map((link) => ({ page, link, resolution: resolveLink(vault, page.path, link) })),
  )
}

/** What is wrong with links. */
export function checkLinks(vault: Vault, links: readonly ResolvedLink[]): VaultFinding[] {
  const suggest = createSuggester(vault)
  return links.flatMap(({ link, resolution }) => {
    const wrong = explain(link, resolution, suggest)
    if (wrong) return [at(link.where, ...wrong)]
    if (!('path' in resolution)) return []
    const target = resolution.kind === 'page' ? vault.pages.get(resolution.path) : undefined
    return [...checkSpelling(link, resolution), ...(target ? checkPlace(target, link) : [])]
  })
}

function checkSpelling({ target, where }: Link, { isSpelledSo, path }: { isSpelledSo: boolean; path: string }) {
  const message = `"${target}" is spelled "${path}". Write it so: Linux and GitHub tell capitals apart.`
  return isSpelledSo ? [] : [at(where, 'case-mismatch', message)]
}

type Suggest = (target: string) => string

function explain(link: Link, resolution: Resolution, suggest: Suggest): [VaultFindingKind, string] | undefined {
  const { target } = link
  switch (resolution.kind) {
    case 'ambiguous':
      return ['ambiguous-link', `"${target}" may be ${resolution.paths.join(' or ')}. Write more of the path.`]
    case 'broken': {
      const isEmbed = link.kind === 'embed' || link.kind === 'image'
      return [
        isEmbed ? 'missing-embed' : 'broken-link',
        `"${target}" is not in the vault.${suggest(target)} Correct the link.`,
      ]
    }
    case 'outside':
      return [
        'outside-vault',
        `"${target}" leads out of the vault, where nobody checks it. Link to a page or an address.`,
      ]
    case 'unsafe':
      return ['unsafe-link', `"${target.slice(0, 40)}" would run something. Remove the link.`]
    default:
      return undefined
  }
}

/** Comparing with every name takes time: so many mistakes get a suggestion, and the others wait for their turn. */
const SUGGESTIONS_MAX = 100
const NAME_MAX = 80

/** Of the names alone: a path is what was mistaken less often. */
function createSuggester({ byName }: Vault): Suggest {
  const nameOf = (path: string) => (path.split('/').at(-1) ?? '').replace(/\.md$/i, '')
  let names: string[] | undefined
  let left = SUGGESTIONS_MAX
  return (target) => {
    const name = nameOf(target)
    if (name.length > NAME_MAX || left-- <= 0) return ''
    names ??= [...new Set([...byName.values()].flat().map(nameOf))].filter(({ length }) => length <= NAME_MAX)
    return suggestion(name, names)
  }
}

function checkPlace(target: Page, { headings, block, where }: Link): VaultFinding[] {
  if (headings.length > 0 && !findSection(target, headings)) {
    return [at(where, 'missing-heading', `${target.path} has no heading "${headings.join('#')}". Correct the link.`)]
  }
  if (block !== undefined && !findBlock(target, block))
    return [
      at(
        where,
        'missing-block',
        `${target.path} has no block "^${block}". Correct the link, or end a block with ^${block}.`,
      ),
    ]
  return []
}

/** Time is no reason for any of these: each fails a check. */
function at(where: Position, kind: VaultFindingKind, message: string): VaultFinding {
  return { kind, severity: 'error', where, message }
}
