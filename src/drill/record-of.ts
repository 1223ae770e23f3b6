import { digestOfClaim, type RecordDraft } from '../evidence/index.ts'
import type { SystemModel } from '../model/index.ts'
import type { DrillResult } from './run/result.ts'

const TEXT_MAX = 1_000

/** A page recovers when its own verification holds, from the fault on, whatever a load met meanwhile. */
function figuresFor(claim: string, measured: Readonly<Record<string, number>>): Record<string, number> {
  const { rtoMs: _, ...rest } = measured
  if (!claim.startsWith('runbook:') || measured.runbookMs === undefined) return { ...measured }
  return { ...rest, ...(measured.recoveredMs !== undefined && { rtoMs: measured.recoveredMs }) }
}

/** What a run hands over to evidence. Claims that the model does not imply are left out: nothing could hold them. */
export function recordOf(result: DrillResult, { model, digest }: { model: SystemModel; digest: string }): RecordDraft {
  const findings = result.trials.flatMap(({ undeclared }) => undeclared)
  return {
    at: result.endedAt,
    environment: result.environment,
    drill: { name: result.drill, digest },
    tookMs: result.tookMs,
    claims: result.claims.flatMap(({ claim, verdict, because }) => {
      const part = digestOfClaim(model, claim)
      if (part === undefined) return []
      const trials = result.trials.map(({ measured }) => figuresFor(claim, measured))
      const { resolutionMs } = result
      const measured = resolutionMs === undefined ? {} : { measured: { resolutionMs } }
      return [{ claim, part, verdict, because: because.slice(0, TEXT_MAX), trials, ...measured }]
    }),
    findings: findings
      .filter(({ flow }, i) => findings.findIndex((other) => other.flow === flow) === i)
      .map(({ flow, component, message }) => ({ code: 'undeclared-dependency', flow, component, message })),
  }
}
