import { formatDuration } from '../../source/index.ts'
import type { DrillPlan } from '../format/plan.ts'
import { describeMethod } from './describe.ts'

/** Exactly what would be done to what. */
export function writeDryRun(plan: DrillPlan): string {
  const { input, lab, labFile, claims, trials, timing, steps, lacks } = plan
  const heldMs = Math.max(...steps.map(({ atMs, forMs }) => atMs + forMs))
  const trialMs = timing.beforeMs + heldMs + timing.afterMs
  const lines = [
    `${input.drill}: ${input.title ?? ''}`,
    '',
    lab.outside === undefined
      ? `On the lab ${lab.lab} (${labFile.source.file}, profile ${lab.profile}), which is started if it is down.`
      : `On what others run in ${lab.outside} (${labFile.source.file}), and only with --confirm ${lab.outside}.`,
    `${trials === 1 ? 'One trial' : `${trials} trials`} of about ${formatDuration(trialMs)}: load alone for ${formatDuration(timing.beforeMs)}, then`,
    ...describeMethod(plan).map((line) => `  ${line}`),
    `Each is undone after its time; by a watchdog, if this process dies; after any abort condition.`,
    ...Object.entries(input.load ?? {}).map(([name, { http, rate }]) => `Load ${name}: ${http}, ${rate}/s`),
    ...Object.entries(input.probes ?? {}).map(
      ([name, probe]) =>
        `Probe ${name}: ${probe.http ?? probe.metric ?? probe.sql ?? probe.log ?? probe.command?.join(' ')}`,
    ),
    ...(input.recovery ? [`Recovery: ${input.recovery.command?.join(' ') ?? input.recovery.runbook}`] : []),
    claims.length > 0 ? `It would say whether these hold: ${claims.join(', ')}` : 'It proves no claim.',
    ...lacks.map((lack) => `This machine lacks something, so the result would be unknown. ${lack}`),
    'Nothing was done.',
  ]
  return `${lines.join('\n')}\n`
}
