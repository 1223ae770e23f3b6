import type { SystemModel } from '../../model/index.ts'
import type { DrillPlan } from '../format/plan.ts'
import { findRecovery, type Recovery } from '../load/recovery-time.ts'
import { summarise } from '../load/summarise.ts'
import { findMilestones } from './find-milestones.ts'
import { findUndeclared } from './find-undeclared.ts'
import { judgeRunbook } from './follow-runbook.ts'
import { judgeAsModelled } from './judge-as-modelled.ts'
import { judgeExpectation, samplesIn } from './judge-expectation.ts'
import type { ClaimVerdict, JudgedExpectation, Observation, TrialResult, UndeclaredDependency } from './result.ts'

export interface JudgeTrialOptions {
  readonly n: number
  readonly startedAt: string
  /** Undefined when there is none: then no dependency can be undeclared. */
  readonly model: SystemModel | undefined
}

/** What one trial says of each claim, with the figures that it rests on. */
export async function judgeTrial(
  plan: DrillPlan,
  observation: Observation,
  options: JudgeTrialOptions,
): Promise<TrialResult> {
  const { n, startedAt, model } = options
  const expectations: JudgedExpectation[] = []
  for (const one of plan.input.expect) {
    expectations.push(...(await judgeExpectation(one, observation, plan.claims)))
    if (one['as-modelled']) expectations.push(judgeAsModelled(one, { plan, observation, model }))
  }
  if (plan.runbook) expectations.push(judgeRunbook(plan.runbook, observation.runbook))
  const undeclared = model ? findUndeclared(plan, observation, model) : []
  const loads = Object.keys(plan.input.load ?? {})
  const recoveries = Object.fromEntries(loads.map((load) => [load, recoveryOf(load, observation)]))
  const facts = { observation, expectations, undeclared }
  const milestones = findMilestones(plan.input.milestones ?? [], observation)
  return {
    ...observation,
    n,
    startedAt,
    expectations,
    recoveries,
    broken: await summariseEach(loads, observation, 'broken'),
    mended: await summariseEach(loads, observation, 'mended'),
    undeclared,
    milestones,
    measured: measure(plan, { ...observation, milestones }, recoveries),
    claims: plan.claims.map((claim) => ({
      claim,
      ...judge({ ...facts, expectations: expectations.filter(({ claims }) => claims.includes(claim)) }),
    })),
    overall: judge(facts),
  }
}

function recoveryOf(load: string, { samples, faultMs = 0 }: Observation): Recovery {
  return findRecovery(
    samples.filter((sample) => sample.load === load),
    faultMs,
  )
}

async function summariseEach(loads: readonly string[], observation: Observation, moment: 'broken' | 'mended') {
  const summaries = loads.map(
    async (load) => [load, await summarise(samplesIn(observation, { load, while: moment }))] as const,
  )
  return Object.fromEntries(await Promise.all(summaries))
}

interface Facts {
  readonly observation: Observation
  readonly expectations: readonly JudgedExpectation[]
  readonly undeclared: readonly UndeclaredDependency[]
}

/**
 * Refuted needs a fault that landed and something that was seen to be wrong. Supported needs everything: the fault
 * landed and held, every expectation holds, steady state came back, nothing was left behind, nothing was lost.
 */
function judge({ observation, expectations, undeclared }: Facts): Omit<ClaimVerdict, 'claim'> {
  const doubt = findDoubt(observation)
  if (doubt.beforeAll !== undefined) return { verdict: 'unknown', because: doubt.beforeAll }
  if (undeclared[0]) return { verdict: 'refuted', because: undeclared[0].message }
  const failed = expectations.find(({ holds }) => holds === false)
  if (failed) return { verdict: 'refuted', because: `${failed.text}: found ${failed.found}` }
  if (observation.verified.state === 'violated')
    return { verdict: 'refuted', because: `the lab's own check found violations: ${lastLine(observation)}` }
  if (doubt.afterwards !== undefined) return { verdict: 'unknown', because: doubt.afterwards }
  if (expectations.length === 0) return { verdict: 'unknown', because: 'no expectation of the drill is about it' }
  const open = expectations.find(({ holds }) => holds === undefined)
  if (open) return { verdict: 'unknown', because: `${open.text}: ${open.found}` }
  return { verdict: 'supported', because: expectations.map(({ text, found }) => `${text} (${found})`).join('; ') }
}

/** `beforeAll`: the trial says nothing at all. `afterwards`: it cannot support anything. */
function findDoubt(observation: Observation): { beforeAll?: string; afterwards?: string } {
  const { aborted, landings, left, unsteady, steadyAfterMs, verified } = observation
  const missed = landings.find(({ isSeen }) => !isSeen)
  if (missed) return { beforeAll: `${missed.fault} of ${missed.target} did not land: ${missed.how}` }
  if (landings.length === 0) return { beforeAll: aborted ?? 'no fault was applied' }
  if (aborted !== undefined) return { beforeAll: `it was ended early: ${aborted}` }
  if (left[0] !== undefined) return { afterwards: `it could not be undone: ${left[0]}` }
  if (steadyAfterMs === undefined) return { afterwards: `steady state did not come back: ${unsteady.join('; ')}` }
  if (verified.state === 'could not tell')
    return { afterwards: `the lab's own check could not tell: ${lastLine(observation)}` }
  return {}
}

function lastLine({ verified }: Observation): string {
  return verified.output.split('\n').at(-1) ?? ''
}

/** Figures for the record; the worst of several loads. Names end in their unit. */
function measure(
  plan: DrillPlan,
  observation: Observation & Pick<TrialResult, 'milestones'>,
  recoveries: Readonly<Record<string, Recovery>>,
) {
  const measured: Record<string, number> = {}
  for (const load of timedLoads(plan)) {
    const recovery = recoveries[load]
    if (!recovery || recovery.kind === 'not-recovered') continue
    const rtoMs = recovery.kind === 'recovered' ? Math.round(recovery.rtoMs) : 0
    measured.rtoMs = Math.max(measured.rtoMs ?? 0, rtoMs)
  }
  for (const { probe, measures } of plan.input.expect) {
    const value = probe === undefined ? undefined : observation.looks[probe]?.at(-1)?.value
    if (measures && typeof value === 'number') measured[measures] = value
  }
  const broken = Object.keys(plan.input.load ?? {}).flatMap((load) => samplesIn(observation, { load }))
  if (broken.length > 0) {
    const share = (outcome: string) => broken.filter((sample) => sample.outcome === outcome).length / broken.length
    measured.servedShare = round(1 - share('failed'))
    measured.degradedShare = round(share('degraded'))
    measured.requests = broken.length
    measured.errors = broken.filter(({ outcome }) => outcome === 'failed').length
  }
  const { runbook, faultMs } = observation
  if (runbook?.result.rtoMs !== undefined && faultMs !== undefined) {
    measured.runbookMs = runbook.result.rtoMs
    measured.recoveredMs = Math.round(runbook.startedMs + runbook.result.rtoMs - faultMs)
  }
  for (const [name, ms] of Object.entries(observation.milestones)) measured[`${camel(name)}Ms`] = ms
  if (observation.acknowledged > 0) measured.acknowledged = observation.acknowledged
  return measured
}

/** The loads by which an RTO is told: those of which one is expected, else all. */
export function timedLoads({ input }: DrillPlan): string[] {
  const timed = input.expect.flatMap(({ load, rto }) => (load !== undefined && rto ? load : []))
  return timed.length > 0 ? [...new Set(timed)] : Object.keys(input.load ?? {})
}

function camel(name: string): string {
  return name.replaceAll(/[-_](\w)/g, (_, letter: string) => letter.toUpperCase())
}

function round(share: number): number {
  return Math.round(share * 10_000) / 10_000
}
