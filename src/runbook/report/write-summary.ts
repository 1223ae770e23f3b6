import type { Paint } from '../operator/paint.ts'
import type { RunResult } from '../run/result.ts'
import { describeRto, leftOver, stateOf, writeTime } from './describe.ts'

/** How a run ended, on one screen: RTO first, then the time of each step. */
export function writeSummary(result: RunResult, paint: Paint): string {
  const { ending, because, isInTime, steps, branches, run } = result
  const colour = ending === 'finished' && isInTime !== false ? paint.green : paint.red
  const rows = steps.map(
    (step) =>
      `  ${`${step.role === 'step' ? '' : `${step.role} `}${step.id}`.padEnd(36)} ${writeTime(step.tookMs).padStart(10)}  ${stateOf(step)}`,
  )
  return `${[
    '',
    `${colour(paint.bold(ending.toUpperCase()))}  ${because}`,
    `  ${describeRto(result)}`,
    ...branches.map((branch) => `  branch: ${branch}`),
    '',
    ...rows,
    ...(steps.length > 0 ? [''] : []),
    ...leftOver(result).map((line) => `  left over: ${line}`),
    ...(ending === 'stopped' ? [`  It can be resumed: --resume ${run}`] : []),
  ].join('\n')}\n`
}
