import { listProved, type Measured } from '../../assess/index.ts'
import { applyMitigations, type Component, type SystemModel, stateClaims } from '../../model/index.ts'
import { digestOf } from '../../source/index.ts'
import type { Judgements } from '../judge/judge-claims.ts'
import type { Judgement } from '../judge/judgement.ts'

/** What `assess` takes of evidence. */
export interface Support {
  readonly supported: ReadonlySet<string>
  readonly refuted: ReadonlySet<string>
  readonly measured: Measured
}

export function supportOf(model: SystemModel, judgements: Judgements): Support {
  const idsOf = (verdict: Judgement['verdict']) =>
    new Set([...judgements.values()].filter((item) => item.verdict === verdict).map(({ claim }) => claim))
  const supported = idsOf('supported')
  return { supported, refuted: idsOf('refuted'), measured: measure(model, judgements, supported) }
}

/**
 * The worst figures of supported claims, where they were measured on what the proved platform has: the time of an
 * automatic failover says nothing of one by hand. A failover by hand takes what its runbook was measured to take.
 */
function measure(model: SystemModel, judgements: Judgements, supported: ReadonlySet<string>): Measured {
  const proved = applyMitigations(model, listProved(model, supported)).model
  const all = model.mitigations.map(({ id }) => id)
  const drilled = new Map(applyMitigations(model, all).model.components.map((item) => [item.id, item]))
  const supportOfClaim = (claim: string | undefined) => {
    const judgement = claim === undefined ? undefined : judgements.get(claim)
    return judgement?.verdict === 'supported' ? judgement : undefined
  }
  const failoverMs = new Map<string, number>()
  const lossMs = new Map<string, number>()
  for (const component of proved.components.filter(({ failover }) => failover)) {
    const isAsDrilled = isSameFailover(component, drilled.get(component.id))
    const failover = isAsDrilled ? supportOfClaim(`failover:${component.id}`) : undefined
    const runbook = component.failover?.mode === 'manual' ? supportOfClaim(runbookOf(proved, component)) : undefined
    const rtoMs = (runbook ?? failover)?.spread.rtoMs?.max
    if (rtoMs !== undefined) failoverMs.set(component.id, rtoMs)
    const lost = isAsDrilled ? worstLoss(supportOfClaim(`rpo:${component.id}`)) : undefined
    if (lost !== undefined) lossMs.set(component.id, lost)
  }
  return { ...(failoverMs.size > 0 && { failoverMs }), ...(lossMs.size > 0 && { lossMs }) }
}

function isSameFailover({ failover }: Component, drilled: Component | undefined): boolean {
  return drilled !== undefined && digestOf(drilled.failover ?? {}) === digestOf(failover ?? {})
}

function runbookOf(model: SystemModel, { id }: Component): string | undefined {
  return stateClaims(model).find((claim) => claim.id.startsWith('runbook:') && claim.about.includes(id))?.id
}

/** Milliseconds of lost work; nothing lost in any trial is none. */
function worstLoss(judgement: Judgement | undefined): number | undefined {
  return judgement?.spread.lossMs?.max ?? (judgement?.lossAtMost === undefined ? undefined : 0)
}
