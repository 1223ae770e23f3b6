import type { SystemModel } from '../../model/index.ts'
import { formatDuration } from '../../source/index.ts'
import type { DrillPlan } from '../format/plan.ts'
import type { DrillResult, TrialResult } from '../run/result.ts'
import { compareBound } from './compare-bound.ts'
import { describeFigures, describeLoad, describeMethod, describeRecovery } from './describe.ts'

export interface Paint {
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
  readonly green: (text: string) => string
  readonly red: (text: string) => string
  readonly yellow: (text: string) => string
}

/** A run on one screen: the verdict first, then what it rests on. */
export function writeVerdict(
  result: DrillResult,
  { plan, model }: { plan: DrillPlan; model: SystemModel | undefined },
  paint: Paint,
): string {
  const { title, verdict, environment, trials, claims } = result
  const colour = { supported: paint.green, refuted: paint.red, unknown: paint.yellow }
  const last = trials.at(-1)
  const lines = [
    '',
    `${colour[verdict](paint.bold(verdict.toUpperCase()))}  ${paint.bold(title)}`,
    paint.dim(
      `${environment}, ${trials.length} of ${plan.trials} trials, ${formatDuration(Math.round(result.tookMs / 1_000) * 1_000)}`,
    ),
    '',
    ...(claims.length > 0 ? claims : [{ claim: 'the drill', verdict, because: result.because }]).flatMap((one) => [
      `  ${colour[one.verdict](one.verdict.padEnd(9))}  ${one.claim}`,
      ...(one.verdict === 'supported' ? [] : [`             ${one.because}`]),
    ]),
    '',
    ...describeMethod(plan).map((line) => `  fault      ${line}`),
    ...(last ? describeTrial(last, paint) : []),
    ...describeFigures(trials).map((line) => `  measured   ${line}`),
    ...compareBound(trials, { plan, model }).map((line) => `  compared   ${line}`),
  ]
  return `${lines.join('\n')}\n`
}

function describeTrial(trial: TrialResult, paint: Paint): string[] {
  const loads = Object.keys(trial.broken).flatMap((load) => [
    `  ${load}`,
    `    broken   ${describeLoad(trial.broken[load])}`,
    `    mended   ${describeLoad(trial.mended[load])}`,
    `    waited   ${describeRecovery(trial.recoveries[load])}`,
  ])
  const marks = { true: paint.green('✓'), false: paint.red('✗'), undefined: paint.yellow('?') }
  const expectations = trial.expectations.map(
    ({ holds, text, found }) => `  ${marks[String(holds) as keyof typeof marks]} ${text}: ${found}`,
  )
  return [...loads, '', ...expectations, '', ...describeEnd(trial)]
}

/** How it ended: whether anything is left, and what the lab's own check says. */
function describeEnd({
  landings,
  left,
  steadyAfterMs,
  unsteady,
  verified,
  aborted,
  undeclared,
}: TrialResult): string[] {
  const lines = landings
    .filter(({ isSeen }) => !isSeen)
    .map(({ fault, target, how }) => `  missed     ${fault} of ${target}: ${how}`)
  for (const { message } of undeclared) lines.push(`  finding    undeclared-dependency: ${message}`)
  if (aborted !== undefined) lines.push(`  aborted    ${aborted}`)
  if (left.length === 0) lines.push('  left       nothing: every fault is undone, and was looked for once more')
  for (const one of left) lines.push(`  left       ${one}. Run linchpin drill undo.`)
  lines.push(
    steadyAfterMs === undefined
      ? `  steady     not again: ${unsteady.join('; ') || 'it was not waited for'}`
      : `  steady     again ${formatDuration(steadyAfterMs)} after the undo`,
  )
  const { state, output } = verified
  if (state !== 'not declared') lines.push(`  verify     ${state}: ${output.split('\n').at(-1)}`)
  return lines
}
