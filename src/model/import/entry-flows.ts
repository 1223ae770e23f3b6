import { type Position, type Problem, suggestion } from '../../source/index.ts'
import type { FoundComponent, FoundFlow } from './found-platform.ts'
import { isSentinel } from './replicated-data.ts'

/** Where users may come in: a component that something publishes to them. */
export interface PublishedEntry {
  readonly id: string
  readonly where: Position | undefined
  /** Published on purpose as a way in (Ingress, load balancer); otherwise a port that is merely reachable. */
  readonly isDeliberate: boolean
}

export interface EntryChoice {
  /** What the user named instead; empty: found from what is published. */
  readonly named: readonly string[]
  readonly published: readonly PublishedEntry[]
  /** Where a mistake in `named` is reported. */
  readonly where: Position
}

const FRONTS_FROM = 4

/**
 * The flows of a platform: one for each component where users come in. Published components that serve users come
 * before workers, admin tools and infrastructure; without any, the components that nobody depends on are the entries.
 */
export function findFlows(
  components: readonly FoundComponent[],
  choice: EntryChoice,
): { flows: FoundFlow[]; problems: Problem[]; notes: string[] } {
  if (choice.named.length > 0) return useNamed(components, choice)
  const byId = new Map(components.map((component) => [component.id, component]))
  const published = choice.published.filter(({ id }) => byId.has(id))
  const forUsers = published.filter(({ id }) => rankOf(byId.get(id)) === 0)
  if (forUsers.some(({ isDeliberate }) => isDeliberate)) {
    const chosen = forUsers.filter(({ id, isDeliberate }) => isDeliberate || isFront(byId.get(id)))
    return { flows: unique(chosen), problems: [], notes: [] }
  }
  const open = bestOf(published, byId)
  if (open.length > 0) return narrow(unique(open), components)
  const alone = components
    .filter(({ id }) => !isCalled(id, components))
    .map(({ id, where }) => ({ id, where, isDeliberate: false }))
  const entries = bestOf(alone, byId)
  const note =
    entries.length === 0
      ? []
      : [
          `Nothing is published to users; taken as entries: ${list(entries)}, which nothing that serves users depends on (--entry chooses).`,
        ]
  return { flows: unique(entries), problems: [], notes: note }
}

function useNamed(components: readonly FoundComponent[], { named, where }: EntryChoice) {
  const ids = components.map(({ id }) => id)
  const unknown = named.filter((name) => !ids.includes(name))
  const problems = unknown.map((name) => ({
    where,
    message: `The entry "${name}" is not a component of these files.${suggestion(name, ids)} Name one of ${ids.slice(0, 8).join(', ')}${ids.length > 8 ? ', …' : ''}.`,
  }))
  const flows = components.filter(({ id }) => named.includes(id)).map(({ id, where: at }) => ({ entry: id, where: at }))
  return { flows, problems, notes: [] }
}

/** What users want most likely first: 0 an application, 1 a worker, 2 an admin tool or telemetry, 3 infrastructure. */
function rankOf(component: FoundComponent | undefined): number | undefined {
  if (!component || component.role === 'load' || component.kind === 'external') return undefined
  if (component.role === 'telemetry' || component.role === 'admin') return 2
  if (['database', 'cache', 'queue'].includes(component.kind) || isSentinel(component.id)) return 3
  return component.role === 'worker' || component.kind === 'job' ? 1 : 0
}

function bestOf(entries: readonly PublishedEntry[], byId: ReadonlyMap<string, FoundComponent>): PublishedEntry[] {
  const ranked = entries.flatMap((entry) => {
    const rank = rankOf(byId.get(entry.id))
    return rank === undefined ? [] : [{ entry, rank }]
  })
  const best = Math.min(...ranked.map(({ rank }) => rank))
  return ranked.filter(({ rank }) => rank === best).map(({ entry }) => entry)
}

/**
 * A port that is reachable is not always a way in for users. Where something published calls another that is published,
 * the caller is nearer to them; gateways stay. Where many are left, those whose names say that they face users count.
 */
function narrow(open: readonly FoundFlow[], components: readonly FoundComponent[]) {
  const byId = new Map(components.map((component) => [component.id, component]))
  const ids = new Set(open.map(({ entry }) => entry))
  const others = components.filter(({ id }) => ids.has(id))
  const first = open.filter(({ entry }) => byId.get(entry)?.kind === 'gateway' || !isCalled(entry, others))
  const left = first.length > 0 ? first : open
  const fronts = left.filter(({ entry }) => isFront(byId.get(entry)))
  const flows = left.length >= FRONTS_FROM && fronts.length > 0 ? fronts : left
  const chosen = new Set(flows.map(({ entry }) => entry))
  const rest = open.filter(({ entry }) => !chosen.has(entry)).map(({ entry }) => ({ id: entry }))
  const note = `Taken as entries: ${list(flows.map(({ entry }) => ({ id: entry })))}; also published, but behind them or less likely a way in for users: ${list(rest)} (--entry chooses).`
  return { flows: [...flows], problems: [], notes: rest.length === 0 ? [] : [note] }
}

function isFront(component: FoundComponent | undefined): boolean {
  return component?.role === 'front' || component?.kind === 'gateway'
}

/** Whether someone who serves users calls it; workers, load generators, telemetry and jobs do not count. */
function isCalled(id: string, callers: readonly FoundComponent[]): boolean {
  return callers.some(
    ({ id: caller, kind, role, dependencies }) =>
      caller !== id &&
      (role === 'plain' || role === 'front') &&
      kind !== 'job' &&
      (dependencies.has(id) || [...dependencies.values()].some(({ anyOf }) => anyOf?.includes(id))),
  )
}

function unique(entries: readonly PublishedEntry[]): FoundFlow[] {
  const byId = new Map<string, FoundFlow>()
  for (const { id, where } of entries) if (!byId.has(id)) byId.set(id, { entry: id, where })
  return [...byId.values()]
}

const NAMES_MAX = 5

function list(entries: readonly { readonly id: string }[]): string {
  const names = [...new Set(entries.map(({ id }) => id))]
  return names.length <= NAMES_MAX
    ? names.join(', ')
    : `${names.slice(0, NAMES_MAX).join(', ')} and ${names.length - NAMES_MAX} more`
}
