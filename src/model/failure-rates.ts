import type { Failures, Kind } from './system-model.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/**
 * What is assumed of a component whose file states no `failure`: per instance and year, with the mean time to repair.
 * Every row, with its public source or the word "assumed", is in docs/theory/failure-rates.md.
 */
const defaults: Record<Kind, [crash: Rate, hang: Rate | undefined, deployment: Rate | undefined]> = {
  gateway: [every(6, 5 * MINUTE), every(2, 20 * MINUTE), every(4, 30 * MINUTE)],
  service: [every(6, 5 * MINUTE), every(2, 20 * MINUTE), every(4, 30 * MINUTE)],
  database: [every(2, 30 * MINUTE), every(1, 30 * MINUTE), undefined],
  cache: [every(2, 10 * MINUTE), every(1, 20 * MINUTE), undefined],
  queue: [every(2, 20 * MINUTE), every(1, 20 * MINUTE), undefined],
  external: [every(6, HOUR), every(4, 40 * MINUTE), undefined],
  job: [every(2, HOUR), undefined, undefined],
  credential: [every(0.5, HOUR), undefined, undefined],
  config: [every(1, 30 * MINUTE), undefined, undefined],
  host: [every(1, 30 * MINUTE), undefined, undefined],
  zone: [every(0.2, 2 * HOUR), undefined, undefined],
  network: [every(1, 30 * MINUTE), undefined, undefined],
}
const COMMON_CAUSE_BETA = 0.05

type Rate = { readonly perYear: number; readonly repairMs: number }

function every(perYear: number, repairMs: number): Rate {
  return { perYear, repairMs }
}

/** The assumed rates of a kind; a mode it does not have is undefined. */
export function defaultFailures(kind: Kind): Failures {
  const [crash, hang, deployment] = defaults[kind]
  const assumed = (rate: Rate | undefined) => rate && { ...rate, source: undefined }
  return {
    crash: { ...crash, source: undefined },
    hang: assumed(hang),
    deployment: assumed(deployment),
    commonCauseBeta: COMMON_CAUSE_BETA,
  }
}
