import { join } from 'node:path'
import { createRegionWriters } from '../hub/index.ts'
import { formatProblem, type Problem } from '../source/index.ts'
import { editRegions, type Page } from '../vault/index.ts'
import { EXIT } from './exit.ts'
import type { ReadVault } from './read-vault.ts'
import { readVaultSources, type VaultSources } from './vault-sources.ts'
import { replacePage } from './write-page.ts'

export interface SyncOptions {
  /** Write nothing. */
  readonly isCheck: boolean
  readonly now: Date
}

/** `linchpin vault sync`: writes the regions that are out of date; with `isCheck` it says which are. */
export function sync(read: ReadVault, { isCheck, now }: SyncOptions): void {
  const pages = [...read.vault.pages.values()].filter(({ comments }) =>
    comments.some(({ text }) => text.includes('linchpin')),
  )
  const show = (problem: Problem) =>
    formatProblem({ ...problem, where: { ...problem.where, file: join(read.root, problem.where.file) } })
  if (pages.length === 0) {
    process.stdout.write(
      'No page has a managed region. Write <!-- linchpin:dashboard --> and, on the next line, <!-- /linchpin -->.\n',
    )
    return
  }
  const sources = readVaultSources(read)
  const edits = pages.map((page) => ({ page, ...editRegions(page, writersFor(page, sources, { isCheck, now })) }))
  const changed = edits.filter(({ page, text }) => text !== page.text)
  if (!isCheck)
    for (const { page, text } of changed) replacePage(read.root, page.path, { before: page.text, after: text })
  const stale = changed
    .flatMap(({ changed }) => changed)
    .map(({ name, opening }): string => {
      const message = `The region "${name}" is out of date. Run linchpin vault sync.`
      return isCheck ? show({ where: opening.where, message }) : `${join(read.root, opening.where.file)}: ${name}`
    })
  const problems = edits.flatMap((edit) => edit.problems).map(show)
  const lines = [...problems, ...stale, summarise({ pageCount: pages.length, staleCount: stale.length, isCheck })]
  process.stdout.write(`${lines.join('\n')}\n`)
  if (isCheck) warnOfExpiry(sources, now)
  if (problems.length > 0 || (isCheck && stale.length > 0)) process.exitCode = EXIT.findings
}

function writersFor(page: Page, sources: VaultSources, { isCheck, now }: SyncOptions) {
  return createRegionWriters({
    sourcesAt: (moment) => sources.sourcesAt(moment, page.path),
    now,
    newestRecord: sources.newestRecord,
    mode: isCheck ? 'check' : 'sync',
  })
}

function summarise({
  pageCount,
  staleCount,
  isCheck,
}: {
  pageCount: number
  staleCount: number
  isCheck: boolean
}): string {
  const pages = pageCount === 1 ? '1 page' : `${pageCount} pages`
  const regions = staleCount === 1 ? '1 region' : `${staleCount} regions`
  if (isCheck)
    return staleCount === 0 ? `Every region of ${pages} is up to date.` : `${regions} of ${pages} out of date.`
  return staleCount === 0
    ? `Nothing to write: every region of ${pages} is up to date.`
    : `Wrote ${regions} of ${pages}.`
}

/** Time alone fails nothing; but a reader should know that the pages would say less today. */
function warnOfExpiry(sources: VaultSources, now: Date): void {
  const { newestRecord } = sources
  if (!newestRecord || newestRecord >= now) return
  const today = sources.supportedAt(now)
  const lost = [...sources.supportedAt(newestRecord)].filter((claim) => !today.has(claim))
  if (lost.length > 0)
    process.stderr.write(
      `Evidence has expired since the last record: ${lost.join(', ')}. Drill again, then run linchpin vault sync.\n`,
    )
}
