import type { Heading, Page, Stretch } from '../page/page.ts'
import { foldCase } from '../vault.ts'

/**
 * The heading that `#First#Below it` leads to: each one after, and in the section of, the one before. Undefined when
 * there is none. Spelled as Obsidian reads it (capitals, marks and punctuation do not count) or as GitHub's anchors.
 */
export function findSection({ headings }: Page, names: readonly string[]): Heading | undefined {
  let within: Heading | undefined
  for (const name of names) {
    const outer = within
    const inside = outer ? headings.filter(({ start }) => start > outer.start && start < outer.sectionEnd) : headings
    within = inside.find(({ text }) => plain(text) === plain(name)) ?? findAnchor(inside, name)
    if (!within) return undefined
  }
  return within
}

export function findBlock({ blockIds }: Page, id: string): Stretch | undefined {
  return blockIds.find((block) => foldCase(block.id) === foldCase(id))
}

/** GitHub numbers the headings that would have the same anchor: `steps`, `steps-1`. */
function findAnchor(headings: readonly Heading[], name: string): Heading | undefined {
  const seen = new Map<string, number>()
  return headings.find(({ text }) => {
    const anchor = anchorOf(text)
    const count = seen.get(anchor) ?? 0
    seen.set(anchor, count + 1)
    return (count === 0 ? anchor : `${anchor}-${count}`) === name
  })
}

function anchorOf(heading: string): string {
  return shown(heading)
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, '')
    .replaceAll(' ', '-')
}

function plain(text: string): string {
  return foldCase(shown(text).replace(/[^\p{L}\p{M}\p{N}\p{So}]+/gu, ' ')).trim()
}

/** Links within a heading count by what a reader sees. */
function shown(text: string): string {
  return text
    .replace(/!?\[\[([^[\]|]*)(?:\\?\|([^[\]]*))?\]\]/g, (_, target: string, alias?: string) => alias ?? target)
    .replace(/!?\[([^[\]]*)\]\([^()]*\)/g, '$1')
}
