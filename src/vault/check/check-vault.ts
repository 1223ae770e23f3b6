import type { Page } from '../page/page.ts'
import { findRegions } from '../regions/find-regions.ts'
import type { Vault } from '../vault.ts'
import { checkEmbeds } from './check-embeds.ts'
import { checkLinks, type ResolvedLink, resolveLinks } from './check-links.ts'
import { checkReview } from './check-reviews.ts'
import { checkRunbooks, isRunbook, type KnownComponent } from './check-runbooks.ts'
import type { VaultFinding } from './finding.ts'

export interface CheckOptions {
  /** `2026-11-25`: the day that reviews are due by. */
  readonly today: string
  /** Undefined when there is no model: then nothing is said of runbooks. */
  readonly components: readonly KnownComponent[] | undefined
  /** Names that regions may have. */
  readonly regions: readonly string[]
}

/** Everything that is wrong with a vault, by page and position. */
export function checkVault(vault: Vault, { today, components, regions }: CheckOptions): VaultFinding[] {
  const pages = [...vault.pages.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
  const links = resolveLinks(vault)
  const found = [
    ...pages.flatMap((page) => [...checkText(page, regions), ...checkReview(page, today)]),
    ...checkLinks(vault, links),
    ...checkOrphans(pages, links),
    ...checkEmbeds(vault),
    ...(components ? checkRunbooks(vault, { components, today }) : []),
  ]
  const files = new Map(pages.map(({ path }, i) => [path, i]))
  const placeOf = ({ where }: VaultFinding) => files.get(where.file) ?? files.size
  return found.sort((a, b) => placeOf(a) - placeOf(b) || a.where.line - b.where.line || a.where.column - b.where.column)
}

function checkText(page: Page, regions: readonly string[]): VaultFinding[] {
  return [
    ...page.problems.map((problem) => ({ ...problem, kind: 'page', severity: 'error' }) as const),
    ...findRegions(page, regions).problems.map(
      (problem) => ({ ...problem, kind: 'region', severity: 'error' }) as const,
    ),
  ]
}

/** A page that nothing leads to is found by nobody; an index is where people start. */
function checkOrphans(pages: readonly Page[], links: readonly ResolvedLink[]): VaultFinding[] {
  const linked = new Set(
    links.flatMap(({ page, resolution }) =>
      'path' in resolution && resolution.path !== page.path ? resolution.path : [],
    ),
  )
  const isStart = (page: Page) => page.frontMatter?.value.type === 'index' || /^(README|index)\.md$/i.test(page.path)
  const orphans = pages.filter((page) => !isStart(page) && !isRunbook(page) && !linked.has(page.path))
  const message = 'No page links here. Link to it, or give it `type: index` if people start there.'
  return orphans.map(({ path }) => ({
    kind: 'orphan',
    severity: 'warning',
    where: { file: path, line: 1, column: 1 },
    message,
  }))
}
