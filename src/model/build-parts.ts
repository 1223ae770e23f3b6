import { isPlainObject } from '../source/index.ts'
import { defaultFailures } from './failure-rates.ts'
import type { ComponentInput, GuardInput } from './schema.ts'
import type { Failures, Guard } from './system-model.ts'

/** Whether a change says something of the component itself, not only of how it depends on others. */
export function changesItself(change: Record<string, unknown> | undefined): boolean {
  return Object.keys(change ?? {}).some((key) => key !== 'depends-on')
}

export function targetsOfChange(change: Record<string, unknown>): string[] {
  const dependencies = isPlainObject(change['depends-on']) ? change['depends-on'] : {}
  return Object.entries(dependencies).flatMap(([name, dependency]) =>
    isPlainObject(dependency) && isPlainObject(dependency['any-of']) ? Object.keys(dependency['any-of']) : [name],
  )
}

export function buildGuard(input: GuardInput | undefined): Guard | undefined {
  if (!input) return undefined
  const { bulkhead } = input
  return {
    deadlineMs: input.deadline,
    overallMs: input.overall,
    hasBreaker: input.breaker !== undefined && input.breaker !== false,
    concurrentMax: typeof bulkhead === 'object' ? bulkhead.concurrent : bulkhead,
    attempts: input.retry?.attempts ?? 1,
    backoffMs: input.retry?.backoff ?? 0,
    isIdempotent: input.retry?.idempotent ?? false,
  }
}

/** Stated figures over the assumed ones of the kind. */
export function buildFailures(input: ComponentInput): Failures {
  const assumed = defaultFailures(input.kind)
  const stated = input.failure
  const pick = (mode: 'crash' | 'hang' | 'deployment') => {
    const figure = stated?.[mode]
    if (!figure) return assumed[mode]
    const repairMs = figure.repair ?? assumed[mode]?.repairMs ?? assumed.crash.repairMs
    return { perYear: figure['per-year'], repairMs, source: figure.source }
  }
  return {
    crash: pick('crash') ?? assumed.crash,
    hang: pick('hang'),
    deployment: pick('deployment'),
    commonCauseBeta: stated?.['common-cause']?.beta ?? assumed.commonCauseBeta,
  }
}

export function parseShare(value: string | number): number | undefined {
  if (typeof value === 'number') return value >= 0 && value <= 1 ? value : undefined
  const match = /^(\d+(?:\.\d+)?)\s*%$/.exec(value)
  const share = match ? Number(match[1]) / 100 : undefined
  return share !== undefined && share <= 1 ? share : undefined
}
