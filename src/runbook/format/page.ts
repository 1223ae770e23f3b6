import type { Position, Problem, SourceText } from '../../source/index.ts'
import { type Heading, type Page, readPage } from '../../vault/index.ts'
import type { Fence } from './read-block.ts'

/** A page as runbooks see it: sections in sections, each with its fences and what is said before them. */
export interface RunbookPage {
  readonly name: string
  readonly frontMatter: unknown
  readonly headings: readonly { readonly level: number; readonly text: string }[]
  /** What stands before the first heading, with everything below; its level is 0. */
  readonly root: Section
  readonly problems: readonly Problem[]
}

export interface Section {
  readonly level: number
  readonly heading: string
  readonly fences: readonly PlacedFence[]
  readonly children: readonly Section[]
}

export interface PlacedFence {
  readonly fence: Fence
  /** The text before it, from the section or the block before. */
  readonly intro: string
}

type GrowingSection = Section & { fences: PlacedFence[]; children: GrowingSection[] }

export function openPage({ file, text }: SourceText): RunbookPage {
  const page = readPage(file, text)
  const root: GrowingSection = { level: 0, heading: '', fences: [], children: [] }
  const sections = new Map<Heading | undefined, GrowingSection>([[undefined, root]])
  const open: GrowingSection[] = [root]
  for (const heading of page.headings) {
    const section: GrowingSection = { level: heading.level, heading: heading.text, fences: [], children: [] }
    while (open.length > 1 && (open.at(-1)?.level ?? 0) >= heading.level) open.pop()
    open.at(-1)?.children.push(section)
    open.push(section)
    sections.set(heading, section)
  }
  for (const [i, fence] of page.fences.entries())
    sections.get(fence.heading)?.fences.push({ fence: placeFence(page, i), intro: introOf(page, i) })
  return {
    name: (file.split('/').at(-1) ?? file).replace(/\.md$/, ''),
    frontMatter: page.frontMatter?.value,
    headings: page.headings,
    root,
    problems: page.problems,
  }
}

function placeFence({ text, fences }: Page, i: number): Fence {
  const { start, where, info = '', content = '' } = fences[i] ?? {}
  const infoStart = info === '' ? (start ?? 0) : text.indexOf(info, start)
  const infoAt = { ...where, column: (where?.column ?? 1) + infoStart - (start ?? 0) } as Position
  return { info, content, infoAt, contentAt: { ...infoAt, line: infoAt.line + 1, column: 1 } }
}

/** From the block before, or from the outermost section that begins after it: what a reader passes on the way here. */
function introOf({ text, fences, headings }: Page, i: number): string {
  const { start = 0 } = fences[i] ?? {}
  const before = fences[i - 1]?.end ?? 0
  const around = headings.filter(({ contentStart, sectionEnd }) => contentStart <= start && start < sectionEnd)
  const from = around.find(({ contentStart }) => contentStart >= before)?.contentStart ?? before
  return text.slice(Math.min(from, start), start).trim()
}
