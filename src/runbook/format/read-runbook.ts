import { locate, type Problem, type SourceText, sortProblems } from '../../source/index.ts'
import { buildItems } from './build-items.ts'
import { checkRunbook } from './check-runbook.ts'
import { type FrontMatter, isRunbook, readFrontMatter } from './front-matter.ts'
import { openPage } from './page.ts'
import type { Runbook } from './runbook.ts'

export interface ReadRunbook {
  /** Undefined when there are problems. */
  readonly runbook: Runbook | undefined
  readonly problems: readonly Problem[]
  /** Whether the page says that it is a runbook; other pages have no problems here. */
  readonly isRunbook: boolean
}

/** A page of Markdown as a runbook that can be run, or everything that is wrong with it. Pure. */
export function readRunbook(source: SourceText): ReadRunbook {
  const page = openPage(source)
  if (page.problems.length > 0) return { runbook: undefined, problems: page.problems, isRunbook: true }
  if (!isRunbook(page.frontMatter)) return { runbook: undefined, problems: [], isRunbook: false }
  const front = readFrontMatter(page.frontMatter, source.file)
  const problems: Problem[] = [...front.problems]
  const items = buildItems(page, problems)
  if (!front.input) return { runbook: undefined, problems: sortProblems(problems), isRunbook: true }
  const { input } = front
  const runbook: Runbook = {
    name: page.name,
    title: input.title ?? page.headings.find(({ level }) => level === 1)?.text ?? page.name,
    file: source.file,
    components: [...(input.component ?? []), ...(input.components ?? [])].map(nameOfLink),
    alerts: input.alerts ?? [],
    severity: input.severity,
    targetMs: input.rto,
    review: input.review,
    folder: input.folder ?? '.',
    prompts: readPrompts(input),
    secrets: input.secrets ?? [],
    unattended: input.unattended ?? [],
    items,
    whereOf: (key) => locate(page.frontMatter, [key], source.file),
  }
  problems.push(...checkRunbook(runbook))
  if (problems.length > 0) return { runbook: undefined, problems: sortProblems(problems), isRunbook: true }
  return { runbook, problems: [], isRunbook: true }
}

function readPrompts({ prompts = {}, variables = {} }: FrontMatter): Runbook['prompts'] {
  const known = Object.entries(variables).map(([name, fallback]) => ({ ...SILENT, name, fallback }))
  const asked = Object.entries(prompts).map(([name, { ask, pattern, default: fallback, secret, 'one-of': oneOf }]) => ({
    name,
    ask,
    pattern,
    oneOf: oneOf ?? [],
    fallback,
    isSecret: secret === true,
  }))
  return [...known, ...asked]
}

const SILENT = { ask: '', pattern: undefined, oneOf: [], isSecret: false }

/** A component may be written as a link to its page. */
function nameOfLink(text: string): string {
  return /^\[\[([^\]|#]+)/.exec(text)?.[1]?.split('/').at(-1) ?? text
}
