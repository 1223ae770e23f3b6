import { closeSync, existsSync, lstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { type Runbook, readRunbook } from '../runbook/index.ts'
import { formatProblem, type Problem, type SourceText, suggestion } from '../source/index.ts'
import { UsageError } from './exit.ts'
import { readText } from './find-files.ts'

const DEPTH_MAX = 8
const PAGES_MAX = 20_000
/** The front matter of a page begins it; so much is looked at to tell a runbook from other pages. */
const HEAD_BYTES = 4_096

export interface FoundRunbook {
  readonly source: SourceText
  /** Undefined when the page has problems. */
  readonly runbook: Runbook | undefined
  readonly problems: readonly Problem[]
}

/** Every page that says it is a runbook: a file, or below a folder; absent: below here, else in the vault above. */
export function findPages(path: string | undefined): FoundRunbook[] {
  if (path !== undefined && !existsSync(path))
    throw new UsageError(`${path} does not exist. Name a vault, a folder or a page.`)
  if (path !== undefined && statSync(path).isFile()) return [readFound(path)]
  const below = listPages(path ?? '.')
  const files = below.length > 0 || path !== undefined ? below : listPages(findVaultAbove() ?? '.')
  return files.map(readFound)
}

/** The page of this name or file. Throws a `UsageError` when there is none, several, or it has problems. */
export function requirePage(name: string, path: string | undefined): FoundRunbook & { runbook: Runbook } {
  const isFile = /\.md$/.test(name) && existsSync(name)
  const all = isFile ? [readFound(name)] : findPages(path)
  const found = isFile ? all : all.filter(({ source }) => nameOf(source.file) === name)
  const [first, second] = found
  if (!first) {
    const names = all.map(({ source }) => nameOf(source.file))
    const cure = names.length > 0 ? ` There are ${names.join(', ')}.` : ' Write one: docs/guide/runbooks.md.'
    throw new UsageError(`There is no runbook "${name}".${suggestion(name, names) || cure}`)
  }
  if (second)
    throw new UsageError(
      `Several runbooks are called "${name}": ${found.map(({ source }) => source.file).join(', ')}. Name the file.`,
    )
  const { source, runbook, problems } = first
  if (!runbook) throw pageProblems(source.file, problems)
  return { source, runbook, problems }
}

/** The vault of a page: the nearest folder above it with a `system` folder; else the page's own. */
export function vaultOf(file: string): string {
  const own = dirname(resolve(file))
  for (let folder = own; dirname(folder) !== folder; folder = dirname(folder))
    if (existsSync(join(folder, 'system'))) return folder
  return own
}

export function nameOf(file: string): string {
  return (file.split('/').at(-1) ?? file).replace(/\.md$/, '')
}

function pageProblems(file: string, problems: readonly Problem[]): UsageError {
  if (problems.length === 0)
    return new UsageError(
      `${file}:1:1 The page is no runbook. Begin it with --- and type: runbook; docs/guide/runbooks.md.`,
    )
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`
  return new UsageError(...problems.map(formatProblem), `${count}; nothing was done.`)
}

function readFound(file: string): FoundRunbook {
  const source = readText(file)
  const { runbook, problems } = readRunbook(source)
  return { source, runbook, problems }
}

function findVaultAbove(): string | undefined {
  for (let folder = resolve('.'); dirname(folder) !== folder; folder = dirname(folder))
    if (existsSync(join(folder, 'system'))) return folder
  return undefined
}

/** Links are not followed: a page is where it lies. */
function listPages(root: string): string[] {
  const found: string[] = []
  let seen = 0
  const visit = (folder: string, depth: number): void => {
    for (const name of readdirSync(folder).sort()) {
      if (name.startsWith('.') || name === 'node_modules' || ++seen > PAGES_MAX) continue
      const path = join(folder, name)
      const status = lstatSync(path)
      if (status.isDirectory() && depth < DEPTH_MAX) visit(path, depth + 1)
      else if (status.isFile() && name.endsWith('.md') && saysRunbook(path)) found.push(path)
    }
  }
  visit(root, 0)
  return found
}

function saysRunbook(path: string): boolean {
  const handle = openSync(path, 'r')
  try {
    const buffer = Buffer.alloc(HEAD_BYTES)
    const head = buffer.toString('utf8', 0, readSync(handle, buffer, 0, HEAD_BYTES, 0))
    return head.startsWith('---') && /^type:\s*["']?runbook["']?\s*$/m.test(head)
  } finally {
    closeSync(handle)
  }
}
