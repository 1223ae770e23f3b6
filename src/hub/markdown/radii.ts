import type { ComponentView } from '../../assess/index.ts'
import { formatDuration } from '../../source/index.ts'
import { listRows } from '../overview-rows.ts'
import { percent } from '../terminal/paint.ts'
import type { RegionSources } from './sources.ts'
import { code, list, plain, table } from './text.ts'

/** What is down, and degraded, when a component has crashed and when it hangs; as claimed, proved beside it. */
export function writeBlastRadius(sources: RegionSources): string {
  const { assessment, proof } = sources
  const titleOf = new Map(assessment.model.flows.map(({ id, title }) => [id, plain(title)]))
  const { groups } = listRows(assessment, { as: 'claimed', isComplete: false, proof })
  const rows = groups
    .flatMap((group) => group.rows)
    .map(({ item, proved }) => [
      plain(item.component.title),
      item.component.tier ?? '–',
      both(item, proved, ({ blastRadius }) => blastRadius.down),
      both(item, proved, ({ blastRadius }) => blastRadius.degraded),
      both(item, proved, ({ hangRadius }) => hangRadius.down),
      item.stops.length === assessment.model.flows.length
        ? 'all'
        : list(item.stops.map((flow) => titleOf.get(flow) ?? plain(flow))),
    ])
  const titles = ['Component', 'Tier', 'Crash, down:', 'Crash, degraded:', 'Hang, down:', 'Flows that stop with it']
  return `${table(titles, rows)}\n\nShares of business volume, claimed; after the arrow, as far as it is proved.`
}

/** `60 %`, or `0 % → 60 %` when only the first is claimed and the second is what evidence supports. */
function both(item: ComponentView, proved: ComponentView, read: (view: ComponentView) => number): string {
  const [claimed, shown] = [percent(read(item)), percent(read(proved))]
  return claimed === shown ? claimed : `${claimed} → ${shown}`
}

/** Every single point of failure as claimed: why it is one, which flows it stops, and how the failure gets there. */
export function writeSpofs({ assessment }: RegionSources): string {
  const { model, claimed } = assessment
  const titles = new Map(
    [...model.flows, ...claimed.components.map(({ component }) => component)].map((x) => [x.id, x.title]),
  )
  const nameOf = (id: string) => plain(titles.get(id) ?? id)
  const witnessOf = new Map(claimed.flows.flatMap(({ spofs }) => spofs).map((spof) => [spof.component, spof.witness]))
  const spofs = claimed.components.filter(({ spofOf }) => spofOf.length > 0)
  const sorted = [...spofs].sort(
    (a, b) => Number(a.assumed) - Number(b.assumed) || b.blastRadius.down - a.blastRadius.down,
  )
  const rows = sorted.map((item) => [
    nameOf(item.component.id),
    item.spofKinds.map((kind) => (item.assumedKinds.includes(kind) ? `${kind}?` : kind)).join(', '),
    item.spofOf.length === model.flows.length ? 'all' : list(item.spofOf.map(nameOf)),
    (witnessOf.get(item.component.id) ?? []).map(nameOf).join(' → '),
  ])
  if (rows.length === 0) return 'No component takes a flow down alone.'
  const titlesOf = ['Component', 'Why (? by assumption)', 'Flows', 'How the failure travels']
  return table(titlesOf, rows)
}

/** What each component may take to come back and may lose, against what its flows allow. */
export function writeRecovery({ assessment }: RegionSources): string {
  const shown = assessment.proved.components.filter(
    ({ recovery, loss, component }) =>
      component.failover ||
      component.objective.rtoMs !== undefined ||
      loss.boundMs !== undefined ||
      recovery.measuredMs,
  )
  const claimed = new Map(assessment.claimed.components.map((item) => [item.component.id, item]))
  const rows = shown.map((item) => {
    const { component, recovery, loss } = item
    const now = claimed.get(component.id) ?? item
    return [
      plain(component.title),
      time(recovery.objectiveMs),
      component.failover?.mode ?? '–',
      time(now.recovery.claimedMs ?? now.recovery.boundMs),
      time(recovery.measuredMs),
      time(loss.objectiveMs),
      time(now.loss.boundMs),
      time(loss.measuredMs),
      sayVerdict(item),
    ]
  })
  const titles = [
    'Component',
    'RTO objective:',
    'Failover',
    'RTO, worst case:',
    'RTO, measured:',
    'RPO objective:',
    'RPO, worst case:',
    'RPO, measured:',
    'Met',
  ]
  return table(titles, rows)
}

/** No data is unknown, never a pass. */
function sayVerdict({ recovery, loss }: ComponentView): string {
  const parts = [
    judge('RTO', recovery.objectiveMs, recovery.measuredMs, recovery.boundMs),
    judge('RPO', loss.objectiveMs, loss.measuredMs, loss.boundMs),
  ]
  return parts.filter((part) => part !== '').join('; ') || '–'
}

function judge(name: string, objective?: number, measured?: number, bound?: number): string {
  if (objective === undefined) return ''
  if (measured !== undefined) return `${name} ${measured <= objective ? 'met, measured' : '**missed**, measured'}`
  if (bound === undefined) return `${name} unknown`
  return bound <= objective ? `${name} by configuration, *not measured*` : `${name} **missed**, by configuration`
}

function time(ms: number | undefined): string {
  return ms === undefined ? '–' : formatDuration(ms)
}

/** Where each component says that it is alive and ready, and who to turn to when it is not. */
export function writeHealthChecks({ assessment }: RegionSources): string {
  const kinds = new Set(['gateway', 'service', 'job', 'database', 'cache', 'queue', 'external'])
  const components = assessment.claimed.components.map(({ component }) => component)
  const rows = components
    .filter(({ kind }) => kinds.has(kind))
    .map(({ title, kind, tier, instances, needs, health, runbook }) => [
      plain(title),
      kind,
      tier ?? '–',
      instances > 1 ? `${needs} of ${instances}` : '1',
      health.live === undefined ? '–' : code(health.live),
      health.ready === undefined ? '–' : code(health.ready),
      runbook === undefined ? '–' : sayRunbook(runbook),
    ])
  return table(['Component', 'Kind', 'Tier', 'Needed', 'Alive', 'Ready', 'Runbook'], rows)
}

/** A wikilink stays one; its bar would end the cell. */
export function sayRunbook(runbook: string): string {
  const [, target, alias] = /^\[\[([^[\]|<>]+)(?:\|([^[\]|<>]+))?\]\]$/.exec(runbook) ?? []
  if (target === undefined) return plain(runbook)
  return alias === undefined ? `[[${target}]]` : `[[${target}\\|${alias}]]`
}
