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
  /** Whether it is known, and accepted for now, that it has none. */
  readonly isWaived: boolean
  readonly where: Position
}

/** Runbooks of no component, critical components without a runbook, and runbooks that are not there. */
export function checkRunbooks(vault: Vault, components: readonly KnownComponent[]): VaultFinding[] {
  const named = new Map(components.map((component) => [component, findRunbook(vault, component)]))
  const paths = new Set([...named.values()].flatMap((found) => found?.path ?? []))
  return [
    ...components.flatMap((component) => checkComponent(component, named.get(component))),
    ...[...vault.pages.values()].filter(isRunbook).flatMap((page) => checkPage(page, paths, components)),
  ]
}

export function isRunbook({ path, frontMatter }: Page): boolean {
  return frontMatter?.value.type === 'runbook' || /(^|\/)RUNBOOK-[^/]*$/.test(path)
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

function checkComponent(
  { title, isCritical, runbook, isWaived, where }: KnownComponent,
  found: FoundRunbook | undefined,
): VaultFinding[] {
  const report = (kind: VaultFinding['kind'], message: string): VaultFinding[] => [
    { kind, severity: 'error', where, message },
  ]
  if (found && found.path === undefined)
    return report(
      'broken-link',
      `The runbook "${found.name}" of ${title} is not in the vault. Write it, or correct its name.`,
    )
  if (runbook === undefined && isCritical && !isWaived)
    return report(
      'component-without-runbook',
      `${title} is P0 and has no runbook. Write one, and name it under runbook.`,
    )
  return []
}

function checkPage(page: Page, named: ReadonlySet<string>, components: readonly KnownComponent[]): VaultFinding[] {
  const start = { file: page.path, line: 1, column: 1 }
  const report = (where: Position, message: string): VaultFinding[] => [
    { kind: 'runbook-without-component', severity: 'error', where, message },
  ]
  const value = page.frontMatter?.value
  const ids = components.map(({ id }) => id)
  const unknown = [value?.component, value?.components]
    .flat()
    .filter((id) => id !== undefined && !ids.includes(String(id)))
  const [first] = unknown
  if (first !== undefined) {
    const where = positionOf(value, ['component']) ?? positionOf(value, ['components']) ?? start
    return report(
      where,
      `"${String(first)}" is not a component of the model.${suggestion(String(first), ids)} Correct it.`,
    )
  }
  if (named.has(page.path)) return []
  return report(
    start,
    'No component of the model names this runbook. Name it under runbook of the component it is for.',
  )
}
