import { applyMitigations, type SystemModel } from '../../model/index.ts'
import { type ClaimPart, listClaimParts } from '../claim-parts.ts'
import type { StoredRecord } from '../store/read-records.ts'
import { type Entry, type EnvironmentState, judgeEnvironment } from './judge-environment.ts'
import { type Judgement, judgementOf } from './judgement.ts'
import { minimumTrials } from './sample.ts'

export interface JudgeOptions {
  readonly model: SystemModel
  readonly records: readonly Pick<StoredRecord, 'digest' | 'record'>[]
  /** The moment the question is asked of; later records do not exist yet. */
  readonly asOf: Date
}

/** By id of the claim, in the order of the model. */
export type Judgements = ReadonlyMap<string, Judgement>

/**
 * What the records say of every claim of the model. Pure: the same model, records and moment give the same verdicts. The rules, with their reasons: docs/theory/evidence.md.
 */
export function judgeClaims({ model, records, asOf }: JudgeOptions): Judgements {
  const entries = groupByClaim(records, asOf)
  const isAutomatic = findAutomatic(model)
  const judgements = new Map<string, Judgement>()
  for (const part of listClaimParts(model).values()) {
    const needed = minimumTrials(kindOf(part.id), { isAutomatic: part.about.some((name) => isAutomatic.has(name)) })
    judgements.set(part.id, judgeClaim(part, { entries: entries.get(part.id) ?? [], needed, asOf }))
  }
  return judgements
}

function kindOf(claim: string): string {
  return claim.split(':')[0] ?? claim
}

/** A copy of a record is the same record: its trials count once. */
function groupByClaim(records: JudgeOptions['records'], asOf: Date): Map<string, Entry[]> {
  const groups = new Map<string, Entry[]>()
  for (const { record, digest } of new Map(records.map((stored) => [stored.digest, stored])).values()) {
    const atMs = Date.parse(record.at)
    if (atMs > asOf.getTime()) continue
    for (const result of record.claims) {
      const entry = { atMs, digest, environment: record.environment, drill: record.drill.name, result }
      const group = groups.get(result.claim)
      if (group) group.push(entry)
      else groups.set(result.claim, [entry])
    }
  }
  return groups
}

/** Components that fail over by themselves once everything planned is in place. */
function findAutomatic(model: SystemModel): ReadonlySet<string> {
  const all = model.mitigations.map(({ id }) => id)
  const components = [model, applyMitigations(model, all).model].flatMap(({ components }) => components)
  return new Set(components.filter(({ failover }) => failover?.mode === 'automatic').map(({ id }) => id))
}

interface ClaimFacts {
  readonly entries: readonly Entry[]
  readonly needed: number
  readonly asOf: Date
}

function judgeClaim(part: ClaimPart, { entries, needed, asOf }: ClaimFacts): Judgement {
  const current = entries.filter(({ result }) => result.part === part.digest())
  const environments = [...new Set(current.map(({ environment }) => environment))]
  const states = environments.map((environment) => {
    const inside = current.filter((entry) => entry.environment === environment)
    return judgeEnvironment(environment, inside, { needed, asOfMs: asOf.getTime() })
  })
  const state = states.sort(byWeight)[0]
  return judgementOf(part, { state, needed, isOutdated: current.length < entries.length })
}

const RANK = { refuted: 0, supported: 1, unknown: 2 }

/** Refuted anywhere is refuted; then what is supported for longest; then what was tried last. */
function byWeight(a: EnvironmentState, b: EnvironmentState): number {
  return (
    RANK[a.verdict] - RANK[b.verdict] ||
    (b.expiresAtMs ?? 0) - (a.expiresAtMs ?? 0) ||
    b.lastAtMs - a.lastAtMs ||
    (a.environment < b.environment ? -1 : 1)
  )
}
