import type { SystemModel } from '../../model/index.ts'
import type { Judgements } from '../judge/judge-claims.ts'
import type { Judgement } from '../judge/judgement.ts'
import type { StoredRecord } from '../store/read-records.ts'
import { weighMitigations } from './stakes.ts'
import { supportOf } from './support.ts'

/** What is asked of a drill here: its name, and the ids of the claims it tries. */
export interface KnownDrill {
  readonly name: string
  readonly proves: readonly string[]
}

export interface DueDrill {
  readonly drill: string
  readonly claims: readonly Judgement[]
  /** When the first of its claims is without support: now for those that have none. */
  readonly dueAt: string
  /** Minutes down a year, weighted by business share, that hang on its claims. */
  readonly minutesAtStake: number
  /** As last recorded, else assumed. */
  readonly takesMs: number
  readonly isTimeAssumed: boolean
}

export interface DueOptions {
  readonly model: SystemModel
  readonly judgements: Judgements
  readonly drills: readonly KnownDrill[]
  /** Oldest first. */
  readonly records: readonly Pick<StoredRecord, 'record'>[]
  readonly asOf: Date
}

const TAKES_ASSUMED_MS = 5 * 60 * 1_000

/**
 * Every drill with when it is due, most valuable first: minutes down a year at stake for each minute it takes. The
 * stake of a mitigation is shared equally among those of its claims that are open, or among all when none is.
 */
export function listDue({ model, judgements, drills, records, asOf }: DueOptions): DueDrill[] {
  if (drills.length === 0) return []
  const { supported } = supportOf(model, judgements)
  const stakes = weighMitigations(model, supported)
  const due = drills.flatMap(({ name, proves }) => {
    const claims = [...new Set(proves)].flatMap((claim) => judgements.get(claim) ?? [])
    if (claims.length === 0) return []
    const tookMs = lastDuration(name, records)
    return {
      drill: name,
      claims,
      dueAt: claims.map(({ expiresAt }) => expiresAt ?? asOf.toISOString()).sort()[0] ?? asOf.toISOString(),
      minutesAtStake: shareStakes(model, stakes, { proves, supported }),
      takesMs: tookMs ?? TAKES_ASSUMED_MS,
      isTimeAssumed: tookMs === undefined,
    }
  })
  return due.sort(byValue)
}

function lastDuration(drill: string, records: DueOptions['records']): number | undefined {
  return records.findLast(({ record }) => record.drill.name === drill && record.tookMs !== undefined)?.record.tookMs
}

interface Tried {
  readonly proves: readonly string[]
  readonly supported: ReadonlySet<string>
}

/** The part of each stake that falls to the claims a drill tries: of those still open, where there are any. */
function shareStakes(model: SystemModel, stakes: ReadonlyMap<string, number>, { proves, supported }: Tried): number {
  return model.mitigations.reduce((sum, { id, claims }) => {
    const open = claims.filter((claim) => !supported.has(claim))
    const sharing = open.length > 0 ? open : claims
    const covered = sharing.filter((claim) => proves.includes(claim)).length
    return covered === 0 ? sum : sum + ((stakes.get(id) ?? 0) * covered) / sharing.length
  }, 0)
}

function byValue(a: DueDrill, b: DueDrill): number {
  const worth = ({ minutesAtStake, takesMs }: DueDrill) => minutesAtStake / Math.max(takesMs, 1)
  return worth(b) - worth(a) || compare(a.dueAt, b.dueAt) || compare(a.drill, b.drill)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
