import { findSection } from '../links/find-section.ts'
import { resolveLink } from '../links/resolve-link.ts'
import type { Link, Page } from '../page/page.ts'
import type { Vault } from '../vault.ts'
import type { VaultFinding } from './finding.ts'

interface Embed {
  readonly link: Link
  readonly to: string
}

/** Pages that embed each other in a circle: each embed that closes one is found once. Bounded by the number of embeds. */
export function checkEmbeds(vault: Vault): VaultFinding[] {
  const found: VaultFinding[] = []
  const state = new Map<string, 'open' | 'done'>()
  for (const start of vault.pages.keys()) {
    if (state.has(start)) continue
    const stack = [{ path: start, embeds: embedsOf(vault, start), next: 0 }]
    state.set(start, 'open')
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const embed = top.embeds[top.next++]
      if (!embed) {
        state.set(top.path, 'done')
        stack.pop()
      } else if (state.get(embed.to) === 'open') {
        const circle = [
          ...stack.slice(stack.findIndex(({ path }) => path === embed.to)).map(({ path }) => path),
          embed.to,
        ]
        found.push(report(embed.link, circle))
      } else if (!state.has(embed.to)) {
        state.set(embed.to, 'open')
        stack.push({ path: embed.to, embeds: embedsOf(vault, embed.to), next: 0 })
      }
    }
  }
  return found
}

function embedsOf(vault: Vault, path: string): Embed[] {
  const page = vault.pages.get(path)
  return (page?.links ?? []).flatMap((link) => {
    if (!page || link.kind !== 'embed') return []
    const resolution = resolveLink(vault, path, link)
    if (resolution.kind !== 'page' || (resolution.path === path && !isWithin(page, link))) return []
    return [{ link, to: resolution.path }]
  })
}

/** A page may embed a section of its own, as long as the embed is not in it. */
function isWithin(page: Page, { headings, block, start }: Link): boolean {
  if (block !== undefined) return false
  const section = headings.length > 0 ? findSection(page, headings) : undefined
  return headings.length === 0 || (section !== undefined && start >= section.start && start < section.sectionEnd)
}

function report({ where }: Link, circle: readonly string[]): VaultFinding {
  const shown = circle.length > 6 ? [...circle.slice(0, 5), '…', circle.at(-1)] : circle
  const message = `This embed never ends: ${shown.join(' → ')}. Link to the page instead of embedding it.`
  return { kind: 'embed-cycle', severity: 'error', where, message }
}
