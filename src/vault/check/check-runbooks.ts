import { type Position, positionOf, suggestion } from '../../source/index.ts'
import { resolveLink } from '../links/resolve-link.ts'
import { splitAddress } from '../page/found-link.ts'
import type { Page } from '../page/page.ts'
import type { Vault } from '../vault.ts'
import type { VaultFinding } from './finding.ts'

/** What a vault has to know of a component of the platform that it is about. */
export interface KnownComponent {
  readonly id: string
  readonly title: string
  readonly isCritical: boolean
  /** As the model names it: `[[RUNBOOK-Database-Failover]]`. */
  readonly runbook: string | undefined
  /** The day until which it is accepted that it has none; undefined: it is not. */
  readonly waivedUntil: string | undefined
  readonly where: Position
}

/** Runbooks of no component, pages about a component that the model does not have, critical components without a runbook, and runbooks that are not there. */
export function checkRunbooks(
  vault: Vault,
  { components, today }: { readonly components: readonly KnownComponent[]; readonly today: string },
): VaultFinding[] {
  const named = new Map(components.map((component) => [component, findRunbook(vault, component)]))
  const paths = new Set([...named.values()].flatMap((found) => found?.path ?? []))
  return [
    ...components.flatMap((component) => checkComponent(component, named.get(component), today)),
    ...[...vault.pages.values()]
      .filter((page) => isRunbook(page) || isService(page))
      .flatMap((page) => checkPage(page, paths, components)),
  ]
}

export function isRunbook({ path, frontMatter }: Page): boolean {
  return frontMatter?.value.type === 'runbook' || /(^|\/)RUNBOOK-[^/]*$/.test(path)
}

function isService({ frontMatter }: Page): boolean {
  return frontMatter?.value.type === 'service'
}

interface FoundRunbook {
  /** Undefined when the vault does not have it. */
  readonly path: string | undefined
  readonly name: string
}

/** Undefined where the model names none, or one that is not a page: an address. */
function findRunbook(vault: Vault, { runbook }: KnownComponent): FoundRunbook | undefined {
  const name = /^\[\[([^[\]|]+)/.exec(runbook ?? '')?.[1]
  if (name === undefined) return undefined
  const resolution = resolveLink(vault, '', { kind: 'wikilink', target: splitAddress(name).target })
  return { name, path: 'path' in resolution ? resolution.path : undefined }
}

function checkComponent(component: KnownComponent, found: FoundRunbook | undefined, today: string): VaultFinding[] {
  const { title, where } = component
  if (found && found.path === undefined) {
    const message = `The runbook "${found.name}" of ${title} is not in the vault. Write it, or correct its name.`
    return [{ kind: 'broken-link', severity: 'error', where, message }]
  }
  return component.runbook === undefined && component.isCritical ? checkMissing(component, today) : []
}

/** A waiver that ended came with time: that warns, and fails nothing. */
function checkMissing({ title, waivedUntil, where }: KnownComponent, today: string): VaultFinding[] {
  if (waivedUntil !== undefined && waivedUntil >= today) return []
  const waived = waivedUntil === undefined ? '' : `, which was accepted until ${waivedUntil}`
  const message = `${title} is P0 and has no runbook${waived}. Write one, and name it under runbook.`
  const severity = waivedUntil === undefined ? 'error' : 'warning'
  return [{ kind: 'component-without-runbook', severity, where, message }]
}

function checkPage(page: Page, named: ReadonlySet<string>, components: readonly KnownComponent[]): VaultFinding[] {
  const about = componentsOf(page)
  const ids = components.map(({ id }) => id)
  const unknown = about.filter(({ id }) => !ids.includes(id))
  const found = unknown.map(({ id, where }): VaultFinding => {
    const message = `"${id}" is not a component of the model.${suggestion(id, ids)} Correct it.`
    return { kind: 'unknown-component', severity: 'error', where, message }
  })
  if (!isRunbook(page) || about.length > 0 || named.has(page.path)) return found
  const where = { file: page.path, line: 1, column: 1 }
  const message =
    'This runbook is of no component. Name it under runbook of the component it is for, or give it `component: …`.'
  return [{ kind: 'runbook-without-component', severity: 'error', where, message }]
}

/** What a page says that it is about: one or several, under `component` or `components`. */
function componentsOf({ frontMatter, path }: Page): { id: string; where: Position }[] {
  const value = frontMatter?.value
  const start = { file: path, line: 1, column: 1 }
  return ['component', 'components'].flatMap((key) =>
    [value?.[key]].flat().flatMap((id, i) => {
      if (typeof id !== 'string') return []
      return [{ id, where: positionOf(value, Array.isArray(value?.[key]) ? [key, i] : [key]) ?? start }]
    }),
  )
}
